import { setTimeout as sleep } from 'node:timers/promises';
import { DownloadError } from './download-error.js';

export interface Attempts {
  readonly most: number;
  /** Before the second attempt; twice as long before each one after. */
  readonly pauseMs: number;
}

/**
 * Does something until it succeeds; pauses grow, and are as long as the server asks for at least.
 *
 * @param attempt Told whether it is not the first time.
 * @throws What the last attempt threw, or the first one that is final.
 */
export async function tryAgain(
  attempt: (isRetry: boolean) => Promise<void>,
  { most, pauseMs }: Attempts,
): Promise<void> {
  for (let count = 1; ; count += 1) {
    try {
      return await attempt(count > 1);
    } catch (error) {
      const { isFinal, retryAfterMs } =
        error instanceof DownloadError ? error : { isFinal: false, retryAfterMs: 0 };
      if (isFinal || count === most) throw error;
      await sleep(Math.max(retryAfterMs, pauseMs * 2 ** (count - 1)));
    }
  }
}
