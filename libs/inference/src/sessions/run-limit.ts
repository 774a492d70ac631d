/** Of a model that has not run yet. */
const FIRST_RUN_MS = 300_000;
/** A machine that is busy makes any run slower; below this nothing is called stuck. */
const LEAST_MS = 30_000;
/** A run that takes this many times the longest one before it is stuck. */
const FACTOR = 20;

/** How long one run may take: as its setting says, else by the longest run so far. */
export class RunLimit {
  private longestMs = 0;

  constructor(private readonly settingMs: number | undefined) {}

  get ms(): number {
    if (this.settingMs !== undefined) return this.settingMs;
    return this.longestMs === 0 ? FIRST_RUN_MS : Math.max(LEAST_MS, FACTOR * this.longestMs);
  }

  /** Takes note of a run that came to its end. */
  note(ms: number): void {
    this.longestMs = Math.max(this.longestMs, ms);
  }
}
