import { ServiceError } from '@ganglion/contracts/errors';

/** What waits already. */
export interface Backlog {
  readonly queuedRows: number;
  /** How long it will take, by the time that rows took of late. */
  readonly backlogMs: number;
}

/** How much may wait at the most. */
export interface QueueBound {
  readonly rows: number;
  /** By the time that rows took of late. */
  readonly waitMs: number;
}

/** Decides at once who may wait for a model. */
export class Admission {
  private isClosed = false;

  constructor(
    private readonly modelId: string,
    private readonly backlog: Backlog,
    private readonly bound: QueueBound,
  ) {}

  /** Lets nobody in any more. */
  close(): void {
    this.isClosed = true;
  }

  /**
   * A request larger than the whole queue is let in when nothing waits, for it would never be otherwise.
   *
   * @param deadline By `performance.now()`.
   * @throws ServiceError model_unavailable once it is closed; overloaded when the queue does not hold these rows, or
   *   will not be through within its bound or before the deadline.
   */
  admit(rows: number, deadline = Infinity): void {
    if (this.isClosed)
      throw new ServiceError('model_unavailable', `The model "${this.modelId}" is being unloaded.`);
    const { queuedRows, backlogMs } = this.backlog;
    if (queuedRows === 0) return;
    if (queuedRows + rows > this.bound.rows) throw this.overloaded(`and takes ${this.bound.rows}`, backlogMs);
    const remainingMs = deadline - performance.now();
    const mostMs = Math.min(remainingMs, this.bound.waitMs);
    if (backlogMs <= mostMs) return;
    const limit = remainingMs < this.bound.waitMs ? 'until the deadline' : 'that a request may wait';
    const wait = `which take about ${Math.ceil(backlogMs)} ms, longer than the ${Math.floor(mostMs)} ms ${limit}`;
    throw this.overloaded(wait, backlogMs - mostMs);
  }

  private overloaded(why: string, retryAfterMs: number): ServiceError {
    const detail = `The model "${this.modelId}" has ${this.backlog.queuedRows} rows waiting ${why}.`;
    return new ServiceError('overloaded', detail, { retryAfterMs: Math.ceil(retryAfterMs) });
  }
}
