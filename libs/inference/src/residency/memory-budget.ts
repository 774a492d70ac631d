/** Something that takes memory, and may have to give it back. */
export interface Evictable {
  readonly bytes: number;
  /** By `performance.now()`. */
  readonly lastUsedAt: number;
  readonly isInUse: boolean;
  /** Gives the memory back. */
  evict(): Promise<void>;
}

/**
 * One memory budget for many: who wants room waits for its turn, and what was used least recently goes for it, but
 * nothing that is in use.
 */
export class MemoryBudget {
  private readonly holders = new Set<Evictable>();
  private turn: Promise<void> = Promise.resolve();
  private onChange: () => void = () => {};
  private taken = 0;

  /** @param bytes Infinity for no bound. */
  constructor(readonly bytes: number) {}

  /** Bytes that are taken by now. */
  get takenBytes(): number {
    return this.taken;
  }

  /**
   * Takes room, as soon as there is some.
   *
   * @param isWanted Asked while there is none: the wait is given up once nobody wants it.
   * @returns Whether the room was taken.
   */
  take(bytes: number, isWanted: () => boolean): Promise<boolean> {
    const taken = this.turn.then(() => this.makeRoom(bytes, isWanted));
    // What needs much room would never find it if others could go first.
    this.turn = taken.then(() => {});
    return taken;
  }

  /** Lets what took room be evicted from now on. */
  hold(holder: Evictable): void {
    this.holders.add(holder);
    this.changed();
  }

  /** Gives room back. */
  free(bytes: number, holder?: Evictable): void {
    if (holder !== undefined) this.holders.delete(holder);
    this.taken -= bytes;
    this.changed();
  }

  /** Must be called when something is no longer in use, or no longer wanted. */
  changed(): void {
    this.onChange();
  }

  private async makeRoom(bytes: number, isWanted: () => boolean): Promise<boolean> {
    while (this.taken + bytes > this.bytes) {
      if (!isWanted()) return false;
      const idle = this.leastRecentlyUsed();
      if (idle === undefined) await new Promise<void>((resolve) => (this.onChange = resolve));
      else await idle.evict();
    }
    this.taken += bytes;
    return true;
  }

  private leastRecentlyUsed(): Evictable | undefined {
    let least: Evictable | undefined;
    for (const holder of this.holders) {
      if (holder.isInUse) continue;
      if (least === undefined || holder.lastUsedAt < least.lastUsedAt) least = holder;
    }
    return least;
  }
}
