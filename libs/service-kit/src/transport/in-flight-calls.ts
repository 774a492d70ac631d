import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { ServiceError } from '@ganglion/contracts/errors';

interface InFlightCall {
  readonly signal: AbortSignal;
  /** Must be called once, when the call is over. */
  end(): void;
}

/** The calls that are being answered: bounded, each with its deadline, each to be cancelled by its request id. */
export class InFlightCalls {
  private readonly controllers = new Map<string, Set<AbortController>>();
  private count = 0;

  /** @param most More calls than that at once are refused. */
  constructor(private readonly most: number) {}

  get size(): number {
    return this.count;
  }

  /** @throws ServiceError `overloaded` when there are too many already, `deadline_exceeded` when it came too late. */
  begin(requestId: string, deadlineMs: number): InFlightCall {
    if (this.count >= this.most) {
      throw new ServiceError('overloaded', `${this.most} calls are in progress here.`, {
        retryAfterMs: 1_000,
      });
    }
    if (deadlineMs <= 0) throw deadlineExceeded();
    const controller = new AbortController();
    // Each of many inputs listens for the end of the call.
    setMaxListeners(0, controller.signal);
    const timer = setTimeout(() => controller.abort(deadlineExceeded()), deadlineMs);
    this.add(requestId, controller);
    return {
      signal: controller.signal,
      end: () => {
        clearTimeout(timer);
        this.remove(requestId, controller);
      },
    };
  }

  /** Aborts what is being done for a request whose caller has gone. */
  cancel(requestId: string): void {
    const cancelled = new ServiceError('cancelled', 'The caller no longer waits.');
    for (const controller of this.controllers.get(requestId) ?? []) controller.abort(cancelled);
  }

  /** Ends what is left of a drain: callers hear of it, and what was not begun for them is dropped. */
  cutOff(): void {
    const stopping = new ServiceError('unavailable', 'The instance stopped before it had an answer.', {
      retryAfterMs: 0,
    });
    for (const controllers of this.controllers.values()) {
      for (const controller of controllers) controller.abort(stopping);
    }
  }

  /** Waits until every call is over, for at most `timeoutMs`. @returns whether all are. */
  async drain(timeoutMs: number): Promise<boolean> {
    const deadline = performance.now() + timeoutMs;
    while (this.count > 0 && performance.now() < deadline) await sleep(10);
    return this.count === 0;
  }

  private add(requestId: string, controller: AbortController): void {
    const known = this.controllers.get(requestId);
    if (known === undefined) this.controllers.set(requestId, new Set([controller]));
    else known.add(controller);
    this.count += 1;
  }

  private remove(requestId: string, controller: AbortController): void {
    const known = this.controllers.get(requestId);
    if (!known?.delete(controller)) return;
    if (known.size === 0) this.controllers.delete(requestId);
    this.count -= 1;
  }
}

function deadlineExceeded(): ServiceError {
  return new ServiceError('deadline_exceeded', 'The deadline passed before the service had an answer.');
}

/** Settles as `work` does, or rejects with the signal's reason as soon as it is aborted. */
export async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let onAbort: () => void = () => undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    onAbort = () => reject(signal.reason as Error);
    signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
