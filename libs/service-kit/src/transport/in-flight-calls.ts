import { setTimeout as sleep } from 'node:timers/promises';
import { ServiceError } from '@ganglion/contracts/errors';

/** A call that is being answered, until its deadline. */
class InFlightCall {
  private readonly controller = new AbortController();
  private readonly timer: NodeJS.Timeout;
  private giveUp: (reason: ServiceError) => void = () => undefined;

  constructor(
    readonly requestId: string,
    deadlineMs: number,
  ) {
    this.timer = setTimeout(() => this.abort(deadlineExceeded()), deadlineMs);
  }

  /** Aborted when nobody waits for the call any more. */
  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** Settles as `work` does, or rejects as soon as the call is aborted. */
  untilAborted<T>(work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.giveUp = reject;
      work.then(resolve, reject);
    });
  }

  abort(reason: ServiceError): void {
    this.controller.abort(reason);
    this.giveUp(reason);
  }

  stopWaiting(): void {
    clearTimeout(this.timer);
  }
}

/** The calls that are being answered: bounded, each with its deadline, each to be cancelled by its request id. */
export class InFlightCalls {
  private readonly calls = new Map<string, Set<InFlightCall>>();
  private count = 0;

  /** @param most More calls than that at once are refused. */
  constructor(private readonly most: number) {}

  get size(): number {
    return this.count;
  }

  /**
   * The call counts until {@link end}.
   *
   * @throws ServiceError `overloaded` when there are too many already, `deadline_exceeded` when it came too late.
   */
  begin(requestId: string, deadlineMs: number): InFlightCall {
    if (this.count >= this.most) {
      throw new ServiceError('overloaded', `${this.most} calls are in progress here.`, {
        retryAfterMs: 1_000,
      });
    }
    if (deadlineMs <= 0) throw deadlineExceeded();
    const call = new InFlightCall(requestId, deadlineMs);
    const known = this.calls.get(requestId);
    if (known === undefined) this.calls.set(requestId, new Set([call]));
    else known.add(call);
    this.count += 1;
    return call;
  }

  end(call: InFlightCall): void {
    call.stopWaiting();
    const known = this.calls.get(call.requestId);
    if (!known?.delete(call)) return;
    if (known.size === 0) this.calls.delete(call.requestId);
    this.count -= 1;
  }

  /** Aborts what is being done for a request whose caller has gone. */
  cancel(requestId: string): void {
    const cancelled = new ServiceError('cancelled', 'The caller no longer waits.');
    for (const call of this.calls.get(requestId) ?? []) call.abort(cancelled);
  }

  /** Ends what is left of a drain: callers hear of it, and what was not begun for them is dropped. */
  cutOff(): void {
    const stopping = new ServiceError('unavailable', 'The instance stopped before it had an answer.', {
      retryAfterMs: 0,
    });
    for (const calls of this.calls.values()) {
      for (const call of calls) call.abort(stopping);
    }
  }

  /** Waits until every call is over, for at most `timeoutMs`. @returns whether all are. */
  async drain(timeoutMs: number): Promise<boolean> {
    const deadline = performance.now() + timeoutMs;
    while (this.count > 0 && performance.now() < deadline) await sleep(10);
    return this.count === 0;
  }
}

function deadlineExceeded(): ServiceError {
  return new ServiceError('deadline_exceeded', 'The deadline passed before the service had an answer.');
}
