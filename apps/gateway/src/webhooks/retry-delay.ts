/** Retries after the first attempt: over about three days, with {@link FIRST_RETRY_MS}. */
export const MOST_ATTEMPTS = 13;
export const FIRST_RETRY_MS = 5_000;
const LONGEST_MS = 12 * 3_600_000;

/**
 * How long after a failed attempt the next one follows: four times as long each time, half a day at most, spread by a
 * fifth so that endpoints which fell together are not called together.
 *
 * @param attempts That were made.
 * @returns null when there is no next one.
 */
export function retryDelayMs(
  attempts: number,
  firstRetryMs = FIRST_RETRY_MS,
  random = Math.random,
): number | null {
  if (attempts >= MOST_ATTEMPTS) return null;
  const delayMs = Math.min(firstRetryMs * 4 ** (attempts - 1), LONGEST_MS);
  return Math.round(delayMs * (0.8 + 0.4 * random()));
}
