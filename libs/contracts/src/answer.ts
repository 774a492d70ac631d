import type { Problem } from './errors.js';

/** Which model gave an answer. */
export interface ModelVersion {
  readonly id: string;
  /** Semantic version of the model, not of the service. */
  readonly version: string;
}

/** Why an answer is as it is; what the parts mean is the capability's to say. */
export type Explanation = Readonly<Record<string, unknown>>;

/** What every operation that predicts answers with. */
export interface Answer<Output = unknown> {
  /** UUIDv7; `GET /v1/predictions/{id}` finds the ledger's record by it. */
  readonly id: string;
  readonly model: ModelVersion;
  readonly output: Output;
  readonly explanation?: Explanation;
  /** What was done to the input that the caller may not expect: cut, resized, resampled, filled. */
  readonly warnings: readonly string[];
}

/** The answer to `{ "inputs": [ … ] }`: one entry an input, in order. */
export interface Answers<Output = unknown> {
  readonly results: readonly (Answer<Output> | { readonly error: Problem })[];
}

/** A prediction on its way to the ledger. */
export interface PredictionRecord {
  readonly id: string;
  readonly requestId: string;
  readonly service: string;
  readonly operation: string;
  readonly model: ModelVersion;
  /** Lower-case hex sha256 of the input as MessagePack, so that a caller can prove what was asked. */
  readonly inputSha256: string;
  readonly output: unknown;
  readonly explanation?: Explanation;
  /** 0..1, where the capability has a notion of it. */
  readonly confidence?: number;
  readonly warnings: readonly string[];
  /** The API key that asked; absent for calls by NATS alone. */
  readonly keyId?: string;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
}
