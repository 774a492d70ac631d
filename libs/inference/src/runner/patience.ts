import { ServiceError } from '@ganglion/contracts/errors';

/** How long a caller waits. */
export interface Patience {
  /** When the caller stops waiting, in milliseconds of `performance.now()`. */
  readonly deadline?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The longest that a timer can wait; a deadline beyond it is as good as none. */
export const MAX_TIMER_MS = 2 ** 31 - 1;

/** @throws ServiceError deadline_exceeded, cancelled when nobody waits by now. */
export function checkAwaited(patience: Patience): void {
  const { deadline, signal } = patience;
  if (signal?.aborted || (deadline !== undefined && deadline <= performance.now())) throw departure(patience);
}

/** Why a caller went: a signal may bring the reason itself, or have been aborted because of the deadline. */
export function departure({ deadline = Infinity, signal }: Patience): ServiceError {
  if (signal?.reason instanceof ServiceError) return signal.reason;
  return deadline <= performance.now()
    ? late()
    : new ServiceError('cancelled', 'The caller cancelled the request.');
}

export function late(): ServiceError {
  return new ServiceError('deadline_exceeded', 'The deadline passed before the model had an answer.');
}
