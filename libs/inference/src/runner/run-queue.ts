import type { Lane, PendingRun } from './pending-run.js';

/** What one batch may hold at the most. */
export interface BatchLimits {
  readonly rows: number;
  /** Elements of the input that the model's cost is counted by, padding included. */
  readonly elements: number;
}

/** However many others wait, one batch in this time is of the background. */
const BACKGROUND_TURN_MS = 1_000;

/**
 * Runs in the order in which they came, those of the interactive lane first; any of them can leave.
 */
export class RunQueue {
  private readonly lanes: Readonly<Record<Lane, Set<PendingRun>>> = {
    interactive: new Set(),
    background: new Set(),
  };
  private rowCount = 0;
  private backgroundTurnAt = 0;

  /** Rows that wait. */
  get rows(): number {
    return this.rowCount;
  }

  /** The run whose turn it is. */
  get next(): PendingRun | undefined {
    for (const run of this.inTurn()) return run;
    return undefined;
  }

  add(run: PendingRun): void {
    if (this.lanes.background.size === 0 && run.lane === 'background') this.backgroundTurnAt = run.queuedAt;
    this.lanes[run.lane].add(run);
    this.rowCount += run.rows;
  }

  remove(run: PendingRun): void {
    if (this.lanes[run.lane].delete(run)) this.rowCount -= run.rows;
  }

  /**
   * Takes the run whose turn it is, and with it those behind it that can be computed together with it within the
   * limits. Runs of another kind keep their places, so each has its turn at some time.
   */
  takeBatch(limits: BatchLimits): PendingRun[] {
    const batch: PendingRun[] = [];
    let rows = 0;
    let widest = 0;
    for (const run of this.inTurn()) {
      const first = batch[0];
      if (first !== undefined) {
        const elementsPerRow = Math.max(widest, run.elementsPerRow);
        const fits =
          run.key === first.key &&
          rows + run.rows <= limits.rows &&
          (rows + run.rows) * elementsPerRow <= limits.elements;
        if (!fits) continue;
      }
      batch.push(run);
      rows += run.rows;
      widest = Math.max(widest, run.elementsPerRow);
      if (rows >= limits.rows) break;
    }
    for (const run of batch) this.remove(run);
    if (batch[0]?.lane === 'background') this.backgroundTurnAt = performance.now();
    return batch;
  }

  private *inTurn(): Generator<PendingRun> {
    const { interactive, background } = this.lanes;
    const isTurnOfBackground =
      background.size > 0 && performance.now() - this.backgroundTurnAt >= BACKGROUND_TURN_MS;
    yield* isTurnOfBackground ? background : interactive;
    yield* isTurnOfBackground ? interactive : background;
  }
}
