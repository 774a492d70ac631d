/** Longer turns of the event loop keep every request waiting that comes meanwhile, the refused ones too. */
const BUDGET_MS = 15;
/** Bursts may last so long. */
const STANDING_MS = 1_000;

/**
 * Knows when the gateway's own event loop is what is overloaded: no turn of it has kept its budget for a second. From
 * then on, until all have kept it for a second, the rest of a turn that has spent its budget takes no calls.
 *
 * @source The standing queue of "Controlling Queue Delay", Nichols and Jacobson, 2012
 */
export class TurnBudget {
  private startedAtMs: number | undefined;
  private endedAtMs = -Infinity;
  private lastKeptAtMs = -Infinity;
  private lastSpentAtMs = -Infinity;
  private isOverloaded = false;

  constructor(private readonly now: () => number = () => performance.now()) {}

  /** Counts a call for the turn that it came in; whether the turn has nothing left for it. */
  isSpent(): boolean {
    const now = this.now();
    if (this.startedAtMs === undefined) {
      this.startedAtMs = now;
      // Who had time to rest keeps the budget.
      if (now - this.endedAtMs > BUDGET_MS) this.lastKeptAtMs = now;
      setImmediate(() => this.endTurn());
    }
    return this.isOverloaded && now - this.startedAtMs > BUDGET_MS;
  }

  private endTurn(): void {
    const now = this.now();
    if (now - (this.startedAtMs ?? now) > BUDGET_MS) this.lastSpentAtMs = now;
    else this.lastKeptAtMs = now;
    this.startedAtMs = undefined;
    this.endedAtMs = now;
    if (now - this.lastSpentAtMs > STANDING_MS) this.isOverloaded = false;
    else if (now - this.lastKeptAtMs > STANDING_MS) this.isOverloaded = true;
  }
}
