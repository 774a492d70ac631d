import { ServiceError } from '@ganglion/contracts/errors';
import type { TensorSpec } from '@ganglion/contracts/model-manifest';
import type { Session, TensorMap } from '../engine.js';
import { joinInputs, splitOutputs, type Padding } from './batch.js';
import type { RunnerObserver } from './observer.js';
import { RunQueue, type QueuedRun } from './run-queue.js';

export interface BatcherOptions {
  /** The most rows of one batch. */
  readonly maxBatch: number;
  /** How long an idle session waits for more rows before it runs an incomplete batch, in microseconds. */
  readonly maxDelayUs: number;
  /** How many batches the session is given at once. */
  readonly concurrency: number;
  readonly padding: Padding;
  readonly outputs: readonly TensorSpec[];
  readonly observer: RunnerObserver;
}

/** Computes queued runs in batches, the oldest first. */
export class Batcher {
  private readonly queue = new RunQueue();
  private readonly idleListeners: (() => void)[] = [];
  private runningBatches = 0;
  private isScheduled = false;
  private isFlushing = false;
  private delayTimer: NodeJS.Timeout | undefined;
  private smoothedMsPerRow = 1;

  constructor(
    private readonly session: Session,
    private readonly options: BatcherOptions,
  ) {}

  get queuedRows(): number {
    return this.queue.rows;
  }

  /** Batches that are being computed. */
  get running(): number {
    return this.runningBatches;
  }

  /** How long the queue will take, by the time that rows took of late. */
  get backlogMs(): number {
    return (this.queue.rows * this.smoothedMsPerRow) / this.options.concurrency;
  }

  add(run: QueuedRun): void {
    this.queue.add(run);
    this.schedule();
  }

  /** Drops a run that nobody waits for, unless it is being computed already. */
  drop(run: QueuedRun): void {
    this.queue.remove(run);
  }

  /** Waits for no further rows any more, and resolves when nothing is left to compute. */
  async flush(): Promise<void> {
    this.isFlushing = true;
    this.schedule();
    await new Promise<void>((resolve) => this.idleListeners.push(resolve));
  }

  /**
   * Forms batches soon, not now: requests of the same turn of the event loop, and those that the answers of the last
   * batch set off, are then computed together.
   */
  private schedule(): void {
    if (this.isScheduled) return;
    this.isScheduled = true;
    setImmediate(() => {
      this.isScheduled = false;
      this.dispatch();
    });
  }

  private dispatch(): void {
    while (this.runningBatches < this.options.concurrency) {
      const { oldest } = this.queue;
      if (oldest === undefined) break;
      const delayMs = this.delayFor(oldest);
      if (delayMs > 0) return this.wait(delayMs);
      this.runningBatches += 1;
      void this.compute(this.queue.takeBatch(this.options.maxBatch)).finally(() => {
        this.runningBatches -= 1;
        this.schedule();
      });
    }
    if (this.runningBatches > 0 || this.queue.rows > 0) return;
    for (const resolve of this.idleListeners.splice(0)) resolve();
  }

  /** How long more rows are worth waiting for. */
  private delayFor(oldest: QueuedRun): number {
    const { maxBatch, maxDelayUs } = this.options;
    if (maxDelayUs === 0 || this.isFlushing || this.queue.rows >= maxBatch) return 0;
    return maxDelayUs / 1_000 - (performance.now() - oldest.queuedAt);
  }

  /** A timer is no finer than a millisecond; below that the event loop is gone round. */
  private wait(delayMs: number): void {
    clearTimeout(this.delayTimer);
    if (delayMs < 1) this.schedule();
    else this.delayTimer = setTimeout(() => this.schedule(), delayMs);
  }

  /** Computes a batch and settles its runs; never rejects. */
  private async compute(batch: readonly QueuedRun[]): Promise<void> {
    const startedAt = performance.now();
    try {
      const inputs = joinInputs(
        batch.map((run) => run.inputs),
        this.options.padding,
      );
      const ranAt = performance.now();
      const outputs = await this.session.run(inputs);
      const answeredAt = performance.now();
      const parts = splitOutputs(outputs, batch, this.options.outputs);
      const batchMs = ranAt - startedAt + performance.now() - answeredAt;
      this.settle(batch, parts, { startedAt, batchMs, computeMs: answeredAt - ranAt });
    } catch (error) {
      await this.settleFailed(batch, error);
    }
  }

  private settle(
    batch: readonly QueuedRun[],
    parts: readonly TensorMap[],
    times: { readonly startedAt: number; readonly batchMs: number; readonly computeMs: number },
  ): void {
    const { startedAt, batchMs, computeMs } = times;
    const batchSize = batch.reduce((sum, { rows }) => sum + rows, 0);
    // An average over about the last ten batches.
    this.smoothedMsPerRow += (computeMs / batchSize - this.smoothedMsPerRow) / 10;
    batch.forEach((run, index) => {
      const timings = { queueMs: startedAt - run.queuedAt, batchMs, computeMs, batchSize };
      run.resolve({ outputs: parts[index] as TensorMap, timings });
    });
    this.options.observer.onBatch?.({ requests: batch.length, batchSize, batchMs, computeMs });
  }

  /** The fault may be in the rows of one request: each gets a run of its own, so that it fails no other. */
  private async settleFailed(batch: readonly QueuedRun[], error: unknown): Promise<void> {
    const isModelGone = error instanceof ServiceError && error.code === 'model_unavailable';
    if (batch.length === 1 || isModelGone) {
      for (const run of batch) run.reject(error);
      return;
    }
    for (const run of batch) await this.compute([run]);
  }
}
