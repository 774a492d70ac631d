import type { Answers } from '@ganglion/contracts/answer';
import { ServiceError, toProblem } from '@ganglion/contracts/errors';

type Results = Answers['results'];

/**
 * Puts the answers of a service and what the gateway refused in the order of the request.
 *
 * @param refused By position in the request; what is not here has its answer in `reply`, in order.
 * @throws ServiceError `bad_reply` when there is not one answer for each input that was sent.
 */
export function mergeResults(
  reply: unknown,
  refused: ReadonlyMap<number, ServiceError>,
  count: number,
  requestId: string,
): Answers {
  const answered = resultsOf(reply);
  if (answered.length !== count - refused.size) {
    const detail = `The service gave ${answered.length} results for ${count - refused.size} inputs.`;
    throw new ServiceError('bad_reply', detail);
  }
  let next = 0;
  const results = Array.from({ length: count }, (_, index) => {
    const error = refused.get(index);
    return error === undefined ? answered[next++] : { error: toProblem(error, requestId) };
  });
  return { results: results as unknown as Results };
}

function resultsOf(reply: unknown): readonly unknown[] {
  const results = (reply as { results?: unknown } | null)?.results;
  return Array.isArray(results) ? results : [];
}
