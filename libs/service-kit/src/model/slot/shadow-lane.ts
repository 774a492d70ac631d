import { setTimeout as sleep } from 'node:timers/promises';

/** Shadows that may wait; each holds its input in memory. */
const MAX_WAITING = 8;
/** However many calls there are, one shadow in this time has its turn. */
const TURN_MS = 1_000;
/** How often it is looked whether calls are still being answered. */
const POLL_MS = 5;

/** Runs shadows one after another, each while no call is being answered, or once it has waited long enough. */
export class ShadowLane {
  private readonly closing = new AbortController();
  private readonly waiting: (() => Promise<void>)[] = [];
  private running: Promise<void> | undefined;
  private calls = 0;

  /** Aborted when the service stops. */
  get signal(): AbortSignal {
    return this.closing.signal;
  }

  /** Counts a call for as long as it is answered. */
  async during<Result>(call: () => Promise<Result>): Promise<Result> {
    this.calls += 1;
    try {
      return await call();
    } finally {
      this.calls -= 1;
    }
  }

  /** @returns false when too many wait already: this one is dropped. */
  add(shadow: () => Promise<void>): boolean {
    if (this.signal.aborted || this.waiting.length >= MAX_WAITING) return false;
    this.waiting.push(shadow);
    this.running ??= this.run().finally(() => (this.running = undefined));
    return true;
  }

  /** Drops what waits, and ends what runs. */
  async close(): Promise<void> {
    this.waiting.length = 0;
    this.closing.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    for (let next = this.waiting.shift(); next !== undefined; next = this.waiting.shift()) {
      const turn = performance.now() + TURN_MS;
      do await sleep(POLL_MS);
      while (this.calls > 0 && performance.now() < turn && !this.signal.aborted);
      if (!this.signal.aborted) await next();
    }
  }
}
