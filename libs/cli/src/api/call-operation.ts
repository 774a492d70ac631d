import { GanglionError, type Ganglion, type Problem } from '@ganglion/client';
import type { Input } from '../arguments/build-inputs.js';
import { describeFailure, ExitCode } from '../failure.js';
import type { Reporter } from '../output/reporter.js';
import type { Operation } from './operation.js';

/** More in one request would share its deadline and its size. */
const MOST_IN_ONE_REQUEST = 16;

/** Statuses that are about one input: the others may fare better. */
const ABOUT_THE_INPUT = [400, 404, 409, 413, 415, 422];

type Result = { readonly answer: unknown } | { readonly error: GanglionError };

/**
 * Calls an operation with each input and reports the answers in order. An input that is refused lets the others pass;
 * any other failure ends it.
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
  const size = chunkSize(operation, inputs);
  for (let start = 0; start < inputs.length; start += size) {
    const chunk = inputs.slice(start, start + size);
    const results = await callChunk(ganglion, operation, chunk);
    results.forEach((result, index) => {
      const label = inputs.length > 1 ? (chunk[index]?.label ?? '') : undefined;
      if ('answer' in result) return reporter.answer(result.answer, label);
      const { line, exitCode: ofFailure } = describeFailure(result.error);
      reporter.failure(result.error, line, label);
      exitCode = ofFailure;
    });
  }
  return exitCode;
}

/** Many at once where the operation takes that; files travel alone. */
function chunkSize({ maxItems = 1, fields }: Operation, inputs: readonly Input[]): number {
  const media = fields.filter(({ mediaTypes }) => mediaTypes !== undefined);
  const hasFiles = inputs.some(({ value }) => media.some(({ name }) => value[name] instanceof Blob));
  return hasFiles ? 1 : Math.min(maxItems, MOST_IN_ONE_REQUEST);
}

async function callChunk(
  ganglion: Ganglion,
  { target }: Operation,
  chunk: readonly Input[],
): Promise<readonly Result[]> {
  const [first] = chunk;
  if (first !== undefined && chunk.length === 1) return [await callOne(ganglion, target, first)];
  const many = await ganglion.request(target, { inputs: chunk.map(({ value }) => value) });
  const { results } = many as { results: readonly ({ readonly error: Problem } | object)[] };
  return results.map((result) =>
    'error' in result ? { error: new GanglionError(result.error) } : { answer: result },
  );
}

async function callOne(ganglion: Ganglion, target: Operation['target'], { value }: Input): Promise<Result> {
  try {
    return { answer: await ganglion.request(target, value) };
  } catch (error) {
    if (error instanceof GanglionError && ABOUT_THE_INPUT.includes(error.status)) return { error };
    throw error;
  }
}
