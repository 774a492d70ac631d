import { ServiceError } from '@ganglion/contracts/errors';
import {
  ELEMENT_ARRAYS,
  stringTensor,
  tensor,
  textsOf,
  type AnyDType,
  type AnyTensor,
  type DType,
  type ElementArray,
} from '@ganglion/tensor';
import ort from 'onnxruntime-node';
import type { Engine, EngineModel, EngineSettings, Session, SessionTensor, TensorMap } from '../../engine.js';
import { readVerified } from '../../files/read-verified.js';
import { checkInputs } from '../../signature/check-inputs.js';
import { deviceName, type Device } from '../device.js';
import { disposed, fileOf, refusal } from '../refusal.js';
import { explainFailure } from './explain-failure.js';
import { findExternalData } from './external-data.js';

// What ONNX Runtime prints as an error it throws as well; standard error belongs to our own log.
ort.env.logLevel = 'fatal';

/** ONNX Runtime. Sessions are made of verified bytes in memory: no file is opened by its name. */
export const onnxEngine: Engine = {
  async load(model, settings) {
    try {
      const { graph, externalData } = await readModel(model);
      const session = await ort.InferenceSession.create(graph, { ...sessionOptions(settings), externalData });
      return new OnnxSession(session, model, deviceName(settings.device));
    } catch (cause) {
      throw refusal(model, cause);
    }
  },
};

/**
 * The providers for a device. On CUDA, operators that it lacks run on the CPU.
 */
export function executionProviders({
  provider,
  index,
}: Device): ort.InferenceSession.ExecutionProviderConfig[] {
  return provider === 'cpu' ? ['cpu'] : [{ name: 'cuda', deviceId: index }, 'cpu'];
}

function sessionOptions(settings: EngineSettings): ort.InferenceSession.SessionOptions {
  return {
    executionProviders: executionProviders(settings.device),
    graphOptimizationLevel: settings.graphOptimization ?? 'all',
    enableCpuMemArena: settings.memoryArena ?? true,
    enableMemPattern: settings.memoryPattern ?? true,
    ...(settings.intraOpThreads !== undefined && { intraOpNumThreads: settings.intraOpThreads }),
    ...(settings.interOpThreads !== undefined && {
      interOpNumThreads: settings.interOpThreads,
      executionMode: settings.interOpThreads > 1 ? 'parallel' : 'sequential',
    }),
  };
}

/** As long as the list of external files is not empty, ONNX Runtime takes weights from that list alone. */
const NO_FILE = { path: 'no-such-file', data: new Uint8Array(1) };

async function readModel(model: EngineModel) {
  const graph = await readVerified(fileOf(model, model.entry));
  const external = isOrtFormat(graph) ? null : findExternalData(graph);
  for (const location of external?.nested ?? []) {
    throw refusal(
      model,
      `a nested tensor takes its data from "${location}"; only initialisers of the graph may.`,
    );
  }
  const externalData = await Promise.all(
    [...(external?.locations ?? [])].map(async (path) => ({
      path,
      data: await readVerified(fileOf(model, path)),
    })),
  );
  return { graph, externalData: [NO_FILE, ...externalData] };
}

/** `.ort` files are flatbuffers with the identifier ORTM; they hold all their weights. */
function isOrtFormat(graph: Uint8Array): boolean {
  return Buffer.from(graph.buffer, graph.byteOffset, graph.byteLength).toString('latin1', 4, 8) === 'ORTM';
}

class OnnxSession implements Session {
  readonly inputs: readonly SessionTensor[];
  readonly outputs: readonly SessionTensor[];
  private isDisposed = false;

  constructor(
    private readonly session: ort.InferenceSession,
    private readonly model: EngineModel,
    readonly device: string,
  ) {
    this.inputs = session.inputMetadata.map(toSpec);
    this.outputs = session.outputMetadata.map(toSpec);
  }

  async run(inputs: TensorMap): Promise<TensorMap> {
    if (this.isDisposed) throw disposed(this.model);
    checkInputs(inputs, this.inputs);
    const feeds = Object.fromEntries(
      Object.entries(inputs).map(([name, value]) => [name, toOrt(name, value)]),
    );
    const results = await this.session.run(feeds).catch((error: unknown) => {
      throw explainFailure(this.model, inputs, error);
    });
    return Object.fromEntries(
      Object.entries(results).map(([name, value]) => [name, fromOrt(value as ort.Tensor)]),
    );
  }

  async dispose(): Promise<void> {
    if (this.isDisposed) return;
    this.isDisposed = true;
    await this.session.release();
  }
}

/** @throws TypeError for what is no tensor of a known dtype (sequences, 4-bit integers). */
function toSpec(value: ort.InferenceSession.ValueMetadata): SessionTensor {
  if (!value.isTensor || !(value.type in ELEMENT_ARRAYS || value.type === 'string')) {
    throw new TypeError(
      `"${value.name}" is ${value.isTensor ? `of ${value.type}` : 'no tensor'}, which is not supported.`,
    );
  }
  // An axis without a name is free of every other one, so it gets a name of its own.
  const shape = value.shape.map((axis, index) => (axis === '' ? `${value.name}.${index}` : axis));
  return { name: value.name, dtype: value.type as AnyDType, shape };
}

function toOrt(name: string, value: AnyTensor): ort.Tensor {
  const { dtype, data, shape } = value;
  if (dtype !== 'string') return new ort.Tensor(dtype, data as never, shape);
  const texts = textsOf(value);
  const cut = texts.findIndex((text) => text.includes('\0'));
  if (cut < 0) return new ort.Tensor(dtype, texts, shape);
  const detail = `The input "${name}" holds a NUL character in text ${cut}, where ONNX Runtime would cut it off.`;
  throw new ServiceError('invalid_input', detail);
}

function fromOrt(value: ort.Tensor): AnyTensor {
  if (value.type === 'string') return stringTensor(value.dims, value.data as string[]);
  const dtype = value.type as DType;
  const { buffer, byteOffset, length } = value.data as ElementArray;
  // From Node 24 on, halves come as a Float16Array: the same bytes, seen as Uint16Array.
  return tensor(dtype, value.dims, new ELEMENT_ARRAYS[dtype](buffer as ArrayBuffer, byteOffset, length));
}
