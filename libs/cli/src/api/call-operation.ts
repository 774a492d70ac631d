import { GanglionError, type Ganglion, type Problem } from '@ganglion/client';
import { isMany, type Input } from '../arguments/build-inputs.js';
import { describeFailure, ExitCode } from '../failure.js';
import type { Reporter } from '../output/reporter.js';
import type { Operation } from './operation.js';

/** Statuses that are about one input: the others may fare better. */
const ABOUT_THE_INPUT = [400, 404, 409, 413, 415, 422];

/** What one input came to; it has a label where there are several. */
interface Result {
  readonly label: string | undefined;
  readonly outcome: { readonly answer: unknown } | { readonly error: GanglionError };
}

/**
 * Calls an operation with one input after the other, and reports each answer when it is there. An input that is refused
 * lets the others pass; any other failure ends it.
 *
 * @returns the exit code
 * @throws GanglionError
 */
export async function callOperation(
  ganglion: Ganglion,
  operation: Operation,
  { inputs, reporter }: { readonly inputs: readonly Input[]; readonly reporter: Reporter },
): Promise<ExitCode> {
  let exitCode: ExitCode = ExitCode.ok;
  for (const { label, value } of inputs) {
    const call = callOnce(ganglion, operation, { label: inputs.length > 1 ? label : undefined, value });
    for (const { label: of, outcome } of await call) {
      if ('answer' in outcome) reporter.answer(outcome.answer, of);
      else {
        const { line, exitCode: ofFailure } = describeFailure(outcome.error);
        reporter.failure(outcome.error, line, of);
        exitCode = ofFailure;
      }
    }
  }
  return exitCode;
}

async function callOnce(
  ganglion: Ganglion,
  operation: Operation,
  { label, value }: { readonly label: string | undefined; readonly value: Input['value'] },
): Promise<readonly Result[]> {
  try {
    const answer = await ganglion.request(operation.target, value);
    return isMany(operation, value) ? splitResults(answer) : [{ label, outcome: { answer } }];
  } catch (error) {
    if (!(error instanceof GanglionError) || !ABOUT_THE_INPUT.includes(error.status)) throw error;
    return [{ label, outcome: { error } }];
  }
}

/** `{ "inputs": [ … ] }` is answered by one result an input, in order. */
function splitResults(answer: unknown): Result[] {
  const { results } = answer as { results: readonly ({ readonly error: Problem } | object)[] };
  return results.map((result, index) => ({
    label: `/inputs/${index}`,
    outcome: 'error' in result ? { error: new GanglionError(result.error) } : { answer: result },
  }));
}
