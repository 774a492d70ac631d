import type { AnyDType, AnyTensor } from '@ganglion/tensor';
import type { Device } from './engines/device.js';

/** Tensors by the name of the input or output that they are. */
export type TensorMap = Readonly<Record<string, AnyTensor>>;

/** A file of a model, and where its bytes lie on this machine. */
export interface ModelFile {
  /** Name within the model, by which the graph refers to it. */
  readonly path: string;
  /** Absolute path on this machine. */
  readonly location: string;
  readonly bytes: number;
  /** Lower-case hex; what an engine loads has been compared with it. */
  readonly sha256: string;
}

/** What an engine loads: plain data, so that it can cross to a worker thread. */
export interface EngineModel {
  readonly id: string;
  readonly engine: 'onnx' | 'tfjs';
  /** Path of the file that is the graph. */
  readonly entry: string;
  readonly files: readonly ModelFile[];
}

/** How a model runs; an engine takes from it what it knows. What is absent is left to the engine. */
export interface EngineSettings {
  readonly device: Device;
  /** Threads within one operator; 0 for one a core. */
  readonly intraOpThreads?: number | undefined;
  /** Threads over operators that do not depend on each other, from 1 on. */
  readonly interOpThreads?: number | undefined;
  readonly graphOptimization?: 'disabled' | 'basic' | 'extended' | 'all' | undefined;
  /** Whether freed memory is kept for the next run. */
  readonly memoryArena?: boolean | undefined;
  /** Whether one block is planned for a whole run; only of use when shapes repeat. */
  readonly memoryPattern?: boolean | undefined;
}

/** A tensor that a model takes or gives; null is what its runtime does not know (TensorFlow.js, often). */
export interface SessionTensor {
  readonly name: string;
  readonly dtype: AnyDType | null;
  /** A name stands for a length that is known at run time; equal names are equal lengths. */
  readonly shape: readonly (number | string)[] | null;
}

/** A loaded model. */
export interface Session {
  readonly inputs: readonly SessionTensor[];
  readonly outputs: readonly SessionTensor[];
  /** Where it computes, such as `cpu`, `cuda:0` or `wasm`. */
  readonly device: string;
  /**
   * Runs the model once. The inputs are consumed: their buffers may be detached afterwards. The outputs are the
   * caller's own.
   *
   * @throws ServiceError invalid_input when the inputs do not fit the model; model_unavailable when it is not there.
   */
  run(inputs: TensorMap): Promise<TensorMap>;
  /** Gives the model's memory back; runs that come later are refused. */
  dispose(): Promise<void>;
}

/** The seam to a runtime. */
export interface Engine {
  /**
   * @throws ServiceError model_unavailable when a file is not what its sha256 says, when the graph refers to a file
   *   that the model does not list, or when the runtime refuses it.
   */
  load(model: EngineModel, settings: EngineSettings): Promise<Session>;
}
