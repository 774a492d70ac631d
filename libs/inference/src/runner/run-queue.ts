import type { TensorMap } from '../engine.js';
import type { Share } from './batch.js';

/** How long each stage of a run took, in milliseconds, and how many rows it was computed with. */
export interface Timings {
  /** From the call to the moment its batch was formed. */
  readonly queueMs: number;
  /** Stacking and padding before the run, splitting after it. */
  readonly batchMs: number;
  readonly computeMs: number;
  readonly batchSize: number;
}

export interface RunResult {
  readonly outputs: TensorMap;
  readonly timings: Timings;
}

/** A run that waits to be computed. */
export interface QueuedRun extends Share {
  readonly inputs: TensorMap;
  /** Runs of equal keys can be computed together. */
  readonly key: string;
  /** By `performance.now()`. */
  readonly queuedAt: number;
  resolve(result: RunResult): void;
  reject(error: unknown): void;
}

/** Runs in the order in which they came; any of them can leave. */
export class RunQueue {
  private readonly runs = new Set<QueuedRun>();
  private rowCount = 0;

  /** Rows that wait. */
  get rows(): number {
    return this.rowCount;
  }

  get oldest(): QueuedRun | undefined {
    return this.runs.values().next().value;
  }

  add(run: QueuedRun): void {
    this.runs.add(run);
    this.rowCount += run.rows;
  }

  remove(run: QueuedRun): void {
    if (this.runs.delete(run)) this.rowCount -= run.rows;
  }

  /**
   * Takes the oldest run, and with it those behind it that can be computed together with it and fit into `maxRows`.
   * Runs of another kind keep their places, so each is the oldest at some time.
   */
  takeBatch(maxRows: number): QueuedRun[] {
    const batch: QueuedRun[] = [];
    let rows = 0;
    for (const run of this.runs) {
      const fits = batch[0] === undefined || (run.key === batch[0].key && rows + run.rows <= maxRows);
      if (!fits) continue;
      batch.push(run);
      rows += run.rows;
      if (rows >= maxRows) break;
    }
    for (const run of batch) this.remove(run);
    return batch;
  }
}
