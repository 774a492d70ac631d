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
