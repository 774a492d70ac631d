import { fromProblem, ServiceError, toProblem, type Problem } from '@ganglion/contracts/errors';
import type { EngineModel, EngineSettings, SessionTensor, TensorMap } from '../engine.js';

/** What a worker is started with. */
export interface WorkerStart {
  readonly model: EngineModel;
  readonly settings: EngineSettings;
}

/** What a worker is sent; the buffers of `inputs` are transferred. */
export type WorkerRequest =
  { readonly kind: 'run'; readonly id: number; readonly inputs: TensorMap } | { readonly kind: 'dispose' };

/** What a worker sends: first whether it loaded, then one reply a run; the buffers of `outputs` are transferred. */
export type WorkerReply =
  | {
      readonly kind: 'loaded';
      readonly inputs: readonly SessionTensor[];
      readonly outputs: readonly SessionTensor[];
      readonly device: string;
    }
  | { readonly kind: 'refused'; readonly error: WireError }
  | { readonly kind: 'ran'; readonly id: number; readonly outputs: TensorMap }
  | { readonly kind: 'failed'; readonly id: number; readonly error: WireError };

/** An error on its way between threads, which would lose its class. */
export type WireError = { readonly problem: Problem } | { readonly message: string };

export function toWireError(error: unknown): WireError {
  if (error instanceof ServiceError) return { problem: toProblem(error) };
  return { message: error instanceof Error ? error.message : String(error) };
}

export function fromWireError(error: WireError): Error {
  return 'problem' in error ? fromProblem(error.problem) : new Error(error.message);
}
