/** The stages of an answer, in the order they happen; each is one entry of `Server-Timing`. */
export type Stage = 'queue' | 'batch' | 'preprocess' | 'compute' | 'postprocess' | 'ledger';

/** Adds up what each stage of one call took. */
export class StageTimer {
  private readonly durations = new Map<Stage, number>();

  /** @param durationMs Added to what the stage took so far. */
  add(stage: Stage, durationMs: number): void {
    this.durations.set(stage, (this.durations.get(stage) ?? 0) + durationMs);
  }

  measure<T>(stage: Stage, work: () => T): T {
    const started = performance.now();
    try {
      return work();
    } finally {
      this.add(stage, performance.now() - started);
    }
  }

  entries(): IterableIterator<[Stage, number]> {
    return this.durations.entries();
  }

  /** @source W3C Server Timing, durations in milliseconds. */
  toServerTiming(): string {
    return [...this.durations].map(([stage, ms]) => `${stage};dur=${ms.toFixed(3)}`).join(', ');
  }
}
