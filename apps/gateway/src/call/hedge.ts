/**
 * Settles as `first` does, unless it stays silent for `afterMs`: then as the first of both that succeeds.
 *
 * @param second Started at most once.
 */
export function hedge<T>(first: Promise<T>, second: () => Promise<T>, afterMs: number): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    let pending = 1;
    const timer = setTimeout(() => {
      pending += 1;
      second().then(succeed, fail);
    }, afterMs);
    const succeed = (value: T): void => {
      clearTimeout(timer);
      resolve(value);
    };
    const fail = (error: unknown): void => {
      pending -= 1;
      if (pending > 0) return;
      clearTimeout(timer);
      reject(error as Error);
    };
    first.then(succeed, fail);
  });
}
