import { checkAwaited, departure, late, MAX_TIMER_MS, type Patience } from '../runner/patience.js';

/**
 * Settles as `work` does; what comes of it once nobody waits is passed over.
 *
 * @throws ServiceError deadline_exceeded, cancelled when the caller's patience ends first.
 */
export async function waitWithin<Result>(work: Promise<Result>, patience: Patience): Promise<Result> {
  work.catch(() => {});
  checkAwaited(patience);
  const { deadline = Infinity, signal } = patience;
  let timer: NodeJS.Timeout | undefined;
  let onAbort = (): void => {};
  const left = new Promise<never>((_, reject) => {
    const remainingMs = deadline - performance.now();
    if (remainingMs <= MAX_TIMER_MS) timer = setTimeout(() => reject(late()), Math.ceil(remainingMs));
    onAbort = () => reject(departure(patience));
    signal?.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([work, left]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
  }
}
