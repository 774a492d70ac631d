import { ServiceError } from '@ganglion/contracts/errors';

/** How long a caller waits. */
export interface Patience {
  /** When the caller stops waiting, in milliseconds of `performance.now()`. */
  readonly deadline?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Settles as `work` does, unless its caller goes first: then `abandon` is called and the promise rejects at once.
 *
 * @throws ServiceError deadline_exceeded, cancelled
 */
export async function whileAwaited<T>(work: Promise<T>, patience: Patience, abandon: () => void): Promise<T> {
  const { deadline, signal } = patience;
  if (deadline === undefined && signal === undefined) return work;
  let leave: (error: ServiceError) => void = () => {};
  const gone = new Promise<never>((_, reject) => {
    leave = (error) => {
      abandon();
      reject(error);
    };
  });
  const onAbort = () => leave(departure(patience));
  const timer = callAt(deadline ?? Infinity, () => leave(late()));
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([work, gone]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
  }
}

/** @throws ServiceError deadline_exceeded, cancelled when nobody waits by now. */
export function checkAwaited({ deadline = Infinity, signal }: Patience): void {
  if (signal?.aborted || deadline <= performance.now()) throw departure({ deadline, signal });
}

/** The longest that a timer can wait; a deadline beyond it is as good as none. */
const MAX_TIMER_MS = 2 ** 31 - 1;

function callAt(deadline: number, callback: () => void): NodeJS.Timeout | undefined {
  const remainingMs = deadline - performance.now();
  // A timer counts whole milliseconds, and must not ring before the deadline.
  return remainingMs > MAX_TIMER_MS ? undefined : setTimeout(callback, Math.ceil(remainingMs));
}

/** Why a caller went: a signal may bring the reason itself, or have been aborted because of the deadline. */
function departure({ deadline = Infinity, signal }: Patience): ServiceError {
  if (signal?.reason instanceof ServiceError) return signal.reason;
  return deadline <= performance.now()
    ? late()
    : new ServiceError('cancelled', 'The caller cancelled the request.');
}

function late(): ServiceError {
  return new ServiceError('deadline_exceeded', 'The deadline passed before the model had an answer.');
}
