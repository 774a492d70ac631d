import { ServiceError } from '@ganglion/contracts/errors';
import type { Session, TensorMap } from '../engine.js';
import { BatchLimit } from './batch-limit.js';
import type { BatchPlan } from './batch-plan.js';
import type { RunnerObserver } from './observer.js';
import type { PendingRun } from './pending-run.js';
import { Place, type ComputedBatch } from './place.js';
import { RunQueue } from './run-queue.js';

export interface BatcherOptions {
  /** The most rows of one batch. */
  readonly maxBatch: number;
  /** The most elements of the input that the model's cost is counted by. */
  readonly maxElements: number;
  /** How long a batch should take at the most; null when that is all the same. */
  readonly targetMs: number | null;
  /** How long an idle session waits for more rows before it runs an incomplete batch, in microseconds. */
  readonly maxDelayUs: number;
  readonly observer: RunnerObserver;
}

/**
 * Below this the way to a session and back counts beside the batch: while it computes one full batch it is given the
 * next. Longer batches wait where they can still be dropped or overtaken.
 */
const PREFETCH_BELOW_MS = 10;
/** Averages are over about the last ten batches. */
const SMOOTHING = 0.1;

/** Computes queued runs in batches, each by the session that has the least to do. */
export class Batcher {
  private readonly queue = new RunQueue();
  private readonly places: readonly Place[];
  private readonly limit: BatchLimit;
  private readonly idleListeners: (() => void)[] = [];
  private runningBatches = 0;
  private runningRows = 0;
  private isScheduled = false;
  private isFlushing = false;
  private delayTimer: NodeJS.Timeout | undefined;
  private msPerRow = 1;
  private batchMs = PREFETCH_BELOW_MS;

  constructor(
    sessions: readonly Session[],
    plan: BatchPlan,
    private readonly options: BatcherOptions,
  ) {
    this.places = sessions.map((session) => new Place(session, plan));
    this.limit = new BatchLimit(options.maxBatch, options.targetMs);
  }

  get queuedRows(): number {
    return this.queue.rows;
  }

  /** Batches that are being computed. */
  get running(): number {
    return this.runningBatches;
  }

  /** How long what waits and what is being computed will take, by the time that rows took of late. */
  get backlogMs(): number {
    return ((this.queue.rows + this.runningRows) * this.msPerRow) / this.places.length;
  }

  add(run: PendingRun): void {
    this.queue.add(run);
    this.schedule();
  }

  /** Drops a run that nobody waits for, unless it is being computed already. */
  drop(run: PendingRun): void {
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
    for (let next = this.queue.next; next !== undefined; next = this.queue.next) {
      const place = this.placeForBatch();
      if (place === undefined) break;
      const delayMs = place.inFlight > 0 ? 0 : this.delayFor(next);
      if (delayMs > 0) return this.wait(delayMs);
      const batch = this.queue.takeBatch({ rows: this.limit.rows, elements: this.options.maxElements });
      const rows = countRows(batch);
      this.runningBatches += 1;
      this.runningRows += rows;
      void this.compute(batch, place).finally(() => {
        this.runningBatches -= 1;
        this.runningRows -= rows;
        this.schedule();
      });
    }
    if (this.runningBatches > 0 || this.queue.rows > 0) return;
    for (const resolve of this.idleListeners.splice(0)) resolve();
  }

  /** An idle session, or a busy one that can be given its next batch without harm to anyone. */
  private placeForBatch(): Place | undefined {
    let least = this.places[0] as Place;
    for (const place of this.places) if (place.inFlight < least.inFlight) least = place;
    if (least.inFlight === 0) return least;
    const isFullBatch = this.queue.rows >= this.limit.rows;
    const mayPrefetch = least.inFlight === 1 && isFullBatch && this.batchMs < PREFETCH_BELOW_MS;
    return mayPrefetch ? least : undefined;
  }

  /** How long more rows are worth waiting for. */
  private delayFor(next: PendingRun): number {
    const { maxDelayUs } = this.options;
    if (maxDelayUs === 0 || this.isFlushing || this.queue.rows >= this.limit.rows) return 0;
    return maxDelayUs / 1_000 - (performance.now() - next.queuedAt);
  }

  /** A timer is no finer than a millisecond; below that the event loop is gone round. */
  private wait(delayMs: number): void {
    clearTimeout(this.delayTimer);
    if (delayMs < 1) this.schedule();
    else this.delayTimer = setTimeout(() => this.schedule(), delayMs);
  }

  /** Computes a batch and settles its runs; never rejects. */
  private async compute(batch: readonly PendingRun[], place: Place): Promise<void> {
    try {
      this.settle(batch, await place.compute(batch));
    } catch (error) {
      await this.settleFailed(batch, place, error);
    }
  }

  private settle(batch: readonly PendingRun[], computed: ComputedBatch): void {
    const { parts, startedAt, batchMs, computeMs } = computed;
    const batchSize = countRows(batch);
    this.learn(batchSize, computeMs);
    for (let index = 0; index < batch.length; index += 1) {
      const run = batch[index] as PendingRun;
      const timings = { queueMs: startedAt - run.queuedAt, batchMs, computeMs, batchSize };
      run.resolve({ outputs: parts[index] as TensorMap, timings });
    }
    this.options.observer.onBatch?.({ requests: batch.length, batchSize, batchMs, computeMs });
  }

  private learn(batchSize: number, computeMs: number): void {
    const smooth = (average: number, value: number) => average + (value - average) * SMOOTHING;
    this.msPerRow = smooth(this.msPerRow, computeMs / batchSize);
    this.batchMs = smooth(this.batchMs, computeMs);
    this.limit.observe(batchSize, computeMs);
  }

  /** The fault may be in the rows of one request: each gets a run of its own, so that it fails no other. */
  private async settleFailed(batch: readonly PendingRun[], place: Place, error: unknown): Promise<void> {
    const isModelGone = error instanceof ServiceError && error.code === 'model_unavailable';
    if (batch.length === 1 || isModelGone) {
      for (const run of batch) run.reject(error);
      return;
    }
    for (const run of batch) await this.compute([run], place);
  }
}

function countRows(batch: readonly PendingRun[]): number {
  let count = 0;
  for (const { rows } of batch) count += rows;
  return count;
}
