import { fromProblem, ServiceError, toProblem, type Problem } from '@ganglion/contracts/errors';
import type { EngineModel, EngineSettings, SessionTensor, TensorMap } from '../engine.js';

/** What a host is sent: first the model, then runs, of whose `inputs` the buffers are given away. */
export type HostRequest =
  | { readonly kind: 'load'; readonly model: EngineModel; readonly settings: EngineSettings }
  | { readonly kind: 'run'; readonly id: number; readonly inputs: TensorMap }
  | { readonly kind: 'dispose' };

/** What a loaded model tells of itself. */
export interface LoadedModel {
  readonly inputs: readonly SessionTensor[];
  readonly outputs: readonly SessionTensor[];
  readonly device: string;
}

/** What a host sends: first whether it loaded, then one reply a run, of whose `outputs` the buffers are given away. */
export type HostReply =
  | ({ readonly kind: 'loaded' } & LoadedModel)
  | { readonly kind: 'refused'; readonly error: WireError }
  | { readonly kind: 'ran'; readonly id: number; readonly outputs: TensorMap }
  | { readonly kind: 'failed'; readonly id: number; readonly error: WireError };

/** An error on its way between hosts, which would lose its class. */
export type WireError = { readonly problem: Problem } | { readonly message: string };

export function toWireError(error: unknown): WireError {
  if (error instanceof ServiceError) return { problem: toProblem(error) };
  return { message: error instanceof Error ? error.message : String(error) };
}

export function fromWireError(error: WireError): Error {
  return 'problem' in error ? fromProblem(error.problem) : new Error(error.message);
}
