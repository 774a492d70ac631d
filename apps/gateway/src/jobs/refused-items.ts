import { fromProblem, toProblem, type Problem } from '@ganglion/contracts/errors';
import { decode, encode } from '@ganglion/service-kit/codec';
import { mergeResults } from '../call/merge-results.js';
import type { CheckedInput } from '../request/check-input.js';

/** Of many inputs, those that the gateway refused, beside a job that runs the others. */
interface RefusedItems {
  readonly count: number;
  readonly refused: readonly (readonly [index: number, problem: Problem])[];
}

/** @returns `null` when none was refused. */
export function packRefused(input: CheckedInput, requestId: string): Uint8Array | null {
  if (input.kind === 'one' || input.refused.size === 0) return null;
  const refused = [...input.refused].map(([index, error]) => [index, toProblem(error, requestId)] as const);
  return encode({ count: input.count, refused } satisfies RefusedItems);
}

/** Puts the answers of a job and what was refused beside it in the order of the request. */
export function mergeRefused(answer: unknown, packed: Uint8Array | null, requestId: string): unknown {
  if (packed === null) return answer;
  const { count, refused } = decode(packed) as RefusedItems;
  const errors = new Map(refused.map(([index, problem]) => [index, fromProblem(problem)]));
  return mergeResults(answer, errors, count, requestId);
}
