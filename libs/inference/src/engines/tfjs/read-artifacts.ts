import { getHeapStatistics } from 'node:v8';
import type { io } from '@tensorflow/tfjs';
import { posix } from 'node:path';
import type { EngineModel } from '../../engine.js';
import { readVerified } from '../../files/read-verified.js';
import { fileOf, refusal } from '../refusal.js';

/** `model.json` as the converter of TensorFlow.js writes it, as far as we read it. */
interface ModelJson {
  readonly format?: string;
  readonly modelTopology?: { readonly node?: readonly { readonly op?: string }[] };
  readonly signature?: object;
  readonly weightsManifest?: io.WeightsManifestConfig;
}

export interface TfjsArtifacts {
  readonly artifacts: io.ModelArtifacts;
  readonly kind: 'graph' | 'layers';
  /** Whether the graph holds operations that only the asynchronous executor runs. */
  readonly isDynamic: boolean;
}

/** @source tfjs-converter 4.22, graph_executor.ts: control flow, and operations whose output shape depends on data. */
const DYNAMIC_OPS =
  /^(Switch|Merge|Enter|Exit|NextIteration|LoopCond|If|While|StatelessIf|StatelessWhile|TensorArray.*|TensorList.*|NonMaxSuppressionV[2-5]|Where)$/;

/**
 * Reads `model.json` and the weight files that it names, each verified.
 *
 * @throws ServiceError model_unavailable when it is no such file, or names a file that the model does not list.
 */
export async function readArtifacts(model: EngineModel): Promise<TfjsArtifacts> {
  const text = new TextDecoder().decode(await readVerified(fileOf(model, model.entry)));
  refuseTooLarge(model, text);
  const json = JSON.parse(text) as ModelJson;
  if (typeof json.modelTopology !== 'object') throw refusal(model, `"${model.entry}" is no model.json.`);
  const groups = json.weightsManifest ?? [];
  const folder = posix.dirname(model.entry);
  const shards = await Promise.all(
    groups
      .flatMap((group) => group.paths)
      .map((path) => readVerified(fileOf(model, posix.normalize(posix.join(folder, path))))),
  );
  const nodes = json.modelTopology.node;
  return {
    artifacts: {
      ...(json.format !== undefined && { format: json.format }),
      modelTopology: json.modelTopology,
      weightSpecs: groups.flatMap((group) => group.weights),
      weightData: shards.map((shard) => shard.buffer as ArrayBuffer),
      ...(json.signature !== undefined && { signature: json.signature }),
    },
    kind: nodes === undefined ? 'layers' : 'graph',
    isDynamic: nodes?.some(({ op }) => DYNAMIC_OPS.test(op ?? '')) ?? false,
  };
}

/** How many bytes of heap a character of JSON may take, about: `{},` is an object. */
const HEAP_BYTES_A_CHARACTER = 16;

/** Nothing can interrupt `JSON.parse`: a thread whose heap it fills takes the whole process with it. */
function refuseTooLarge(model: EngineModel, text: string): void {
  const heapBytes = getHeapStatistics().heap_size_limit;
  if (text.length * HEAP_BYTES_A_CHARACTER <= heapBytes) return;
  const [textMb, heapMb] = [text.length, heapBytes].map((bytes) => Math.ceil(bytes / 1024 ** 2));
  throw refusal(model, `"${model.entry}" has ${textMb} MB, too much to be read in a heap of ${heapMb} MB.`);
}
