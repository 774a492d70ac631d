import type { GraphModel, LayersModel, Tensor as TfTensor } from '@tensorflow/tfjs';
import { ServiceError } from '@ganglion/contracts/errors';
import { tensor, type AnyTensor, type DType, type ElementArray, type Tensor } from '@ganglion/tensor';
import type { Engine, EngineModel, Session, SessionTensor, TensorMap } from '../../engine.js';
import { checkInputs } from '../../signature/check-inputs.js';
import { disposed, noAnswer, refusal } from '../refusal.js';
import { readArtifacts } from './read-artifacts.js';
import { loadRuntime, type TfjsRuntime } from './runtime.js';

/** TensorFlow.js: graph models and layers models of `model.json` with its weight files. */
export const tfjsEngine: Engine = {
  async load(model, settings) {
    try {
      const { artifacts, kind, isDynamic } = await readArtifacts(model);
      const runtime = await loadRuntime(settings.device);
      const handler = runtime.tf.io.fromMemory(artifacts);
      const network =
        kind === 'layers'
          ? fromLayers(await runtime.tf.loadLayersModel(handler))
          : fromGraph(await runtime.tf.loadGraphModel(handler), isDynamic);
      return new TfjsSession(runtime, model, network);
    } catch (cause) {
      throw refusal(model, cause);
    }
  },
};

type TfTensors = Record<string, TfTensor>;

interface TensorInfo {
  readonly name: string;
  readonly dtype: string | undefined;
  readonly shape?: readonly (number | null)[] | undefined;
}

/** A graph model or a layers model, seen the same way. */
interface Network {
  readonly inputs: readonly TensorInfo[];
  readonly outputs: readonly TensorInfo[];
  /** Gives its outputs in their order. */
  execute(inputs: TfTensors): Promise<TfTensor[]>;
  dispose(): unknown;
}

function fromLayers(layers: LayersModel): Network {
  // Layers keep their names; TensorFlow.js numbers the tensors anew at each load (`x`, `x_1`, …).
  const named = (values: LayersModel['inputs'], names: readonly string[]): TensorInfo[] =>
    values.map(({ dtype, shape }, index) => ({ name: names[index] as string, dtype, shape }));
  return {
    inputs: named(layers.inputs, layers.inputNames),
    outputs: named(layers.outputs, layers.outputNames),
    execute: async (inputs) =>
      toList(layers.predict(layers.inputNames.map((name) => inputs[name] as TfTensor))),
    dispose: () => layers.dispose(),
  };
}

function fromGraph(graph: GraphModel, isDynamic: boolean): Network {
  const names = graph.outputs.map(({ name }) => name);
  return {
    inputs: graph.inputs,
    outputs: graph.outputs,
    execute: async (inputs) =>
      toList(isDynamic ? await graph.executeAsync(inputs, names) : graph.execute(inputs, names)),
    dispose: () => graph.dispose(),
  };
}

const toList = (outputs: TfTensor | TfTensor[]): TfTensor[] => (Array.isArray(outputs) ? outputs : [outputs]);

class TfjsSession implements Session {
  readonly inputs: readonly SessionTensor[];
  readonly outputs: readonly SessionTensor[];
  private isDisposed = false;

  constructor(
    private readonly runtime: TfjsRuntime,
    private readonly model: EngineModel,
    private readonly network: Network,
  ) {
    this.inputs = network.inputs.map(toSpec);
    this.outputs = network.outputs.map(toSpec);
  }

  get device(): string {
    return this.runtime.device;
  }

  async run(inputs: TensorMap): Promise<TensorMap> {
    if (this.isDisposed) throw disposed(this.model);
    checkInputs(inputs, this.inputs);
    const { tf } = this.runtime;
    const feeds: TfTensors = {};
    let results: TfTensor[] = [];
    try {
      for (const { name } of this.inputs) feeds[name] = toTf(this.runtime, name, inputs[name] as AnyTensor);
      results = await this.network.execute(feeds).catch((error: unknown) => {
        throw explainFailure(this.model, inputs, error);
      });
      const outputs = await Promise.all(results.map(fromTf));
      return Object.fromEntries(this.outputs.map(({ name }, index) => [name, outputs[index] as Tensor]));
    } finally {
      tf.dispose([Object.values(feeds), results]);
    }
  }

  async dispose(): Promise<void> {
    if (this.isDisposed) return;
    this.isDisposed = true;
    this.network.dispose();
  }
}

/** TensorFlow.js computes in these; float16 and int8 weights are widened when they are loaded. */
const DTYPES: Readonly<Record<string, DType>> = { float32: 'float32', int32: 'int32', bool: 'bool' };

/** @throws TypeError for strings and complex numbers. */
function toSpec({ name, dtype, shape }: TensorInfo): SessionTensor {
  if (dtype !== undefined && !(dtype in DTYPES))
    throw new TypeError(`"${name}" is of ${dtype}, which is not supported.`);
  // TensorFlow.js gives free axes no names, so each gets one of its own.
  const axes = shape?.map((axis, index) => (axis === null || axis < 0 ? `${name}.${index}` : axis));
  return { name, dtype: DTYPES[dtype ?? ''] ?? null, shape: axes ?? null };
}

/** An operation that TensorFlow.js has not; that no input can help. */
const NO_OPERATION = /Unknown op|not registered|not (yet )?(supported|implemented)/i;

/** What a run died of: TensorFlow.js checks shapes as it goes, and throws plain errors where they do not fit. */
function explainFailure(model: EngineModel, inputs: TensorMap, error: unknown): unknown {
  if (!(error instanceof Error) || error.name !== 'Error' || NO_OPERATION.test(error.message)) return error;
  return noAnswer(model, inputs, error.message.replace(/\.$/, ''), error);
}

/** Of an input whose dtype the graph does not say, anything may come. */
function toTf({ tf }: TfjsRuntime, name: string, { data, shape, dtype }: AnyTensor): TfTensor {
  if (!(dtype in DTYPES)) {
    const taken = Object.keys(DTYPES).join(', ');
    throw new ServiceError('invalid_input', `The input "${name}" is ${dtype}; TensorFlow.js takes ${taken}.`);
  }
  return tf.tensor(data as Float32Array, [...shape], dtype as 'float32');
}

async function fromTf(value: TfTensor): Promise<Tensor> {
  const dtype = DTYPES[value.dtype];
  if (dtype === undefined) throw new TypeError(`An output came as ${value.dtype}, which is not supported.`);
  return tensor(dtype, value.shape, (await value.data()) as ElementArray);
}
