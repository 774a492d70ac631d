import type { TensorMap } from '../engine.js';
import { departure, late, MAX_TIMER_MS, type Patience } from './patience.js';

/** Who is computed first: a person who waits, or work that nobody watches. */
export type Lane = 'interactive' | 'background';

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

/** What a run asks for. */
export interface Work {
  readonly inputs: TensorMap;
  readonly rows: number;
  /** Runs of equal keys can be computed together. */
  readonly key: string;
  readonly lane: Lane;
  /** In elements of the input that the model's cost is counted by; 0 where it has none. */
  readonly elementsPerRow: number;
}

/** A run that was accepted: its caller holds the promise, and may leave before it is settled. */
export class PendingRun implements Work {
  readonly inputs: TensorMap;
  readonly rows: number;
  readonly key: string;
  readonly lane: Lane;
  readonly elementsPerRow: number;
  readonly promise: Promise<RunResult>;
  /** By `performance.now()`. */
  readonly queuedAt = performance.now();
  /** Ends the promise; later calls do nothing. */
  private settlers!: {
    readonly resolve: (result: RunResult) => void;
    readonly reject: (error: unknown) => void;
  };
  private timer: NodeJS.Timeout | undefined;
  private signal: AbortSignal | undefined;
  private onAbort: (() => void) | undefined;

  constructor({ inputs, rows, key, lane, elementsPerRow }: Work) {
    this.inputs = inputs;
    this.rows = rows;
    this.key = key;
    this.lane = lane;
    this.elementsPerRow = elementsPerRow;
    this.promise = new Promise((resolve, reject) => {
      this.settlers = { resolve, reject };
    });
  }

  /**
   * Rejects with deadline_exceeded or cancelled when the caller's patience ends first.
   *
   * @param onLeave Called then, before the promise is settled.
   */
  awaitWith(patience: Patience, onLeave: () => void): void {
    const { deadline, signal } = patience;
    const leave = (why: () => unknown) => () => {
      onLeave();
      this.reject(why());
    };
    if (deadline !== undefined) {
      const remainingMs = deadline - this.queuedAt;
      // A timer counts whole milliseconds, and must not ring before the deadline.
      if (remainingMs <= MAX_TIMER_MS) this.timer = setTimeout(leave(late), Math.ceil(remainingMs));
    }
    if (signal !== undefined) {
      this.signal = signal;
      this.onAbort = leave(() => departure(patience));
      signal.addEventListener('abort', this.onAbort, { once: true });
    }
  }

  resolve(result: RunResult): void {
    this.stopWaiting();
    this.settlers.resolve(result);
  }

  reject(error: unknown): void {
    this.stopWaiting();
    this.settlers.reject(error);
  }

  private stopWaiting(): void {
    if (this.timer !== undefined) clearTimeout(this.timer);
    if (this.onAbort !== undefined) this.signal?.removeEventListener('abort', this.onAbort);
  }
}
