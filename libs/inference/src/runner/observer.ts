import type { Timings } from './pending-run.js';

/** One computed batch. */
export interface BatchReport {
  readonly requests: number;
  /** In rows. */
  readonly batchSize: number;
  readonly batchMs: number;
  readonly computeMs: number;
}

/** Hears what a runner does, for metrics. It is called on the hot path: note the numbers and return. */
export interface RunnerObserver {
  onBatch?(report: BatchReport): void;
  /** A request was answered. */
  onRun?(timings: Timings): void;
  /** A request was refused, dropped or failed with this error code. */
  onRefusal?(code: string): void;
}
