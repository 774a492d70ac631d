/** A gateway that dies gives its slots back after that. */
export const SLOT_LEASE_MS = 5_000;
const RENEW_MS = 1_000;
/** A limit that is reached is not asked about more often than that. */
const ASK_AGAIN_MS = 20;

/** Asks the books for slots. @returns Slots that the gateway has then. Rejects when they are away. */
export type LeaseSlots = (wanted: number) => Promise<number>;

/**
 * One gateway's part of a key's calls at the same time. It leases slots as it needs them, and gives back what it did not
 * use for a second; what all gateways hold together is never more than the limit.
 */
export class SlotQuota {
  private held = 0;
  private inFlight = 0;
  private waiting = 0;
  private peak = 0;
  private askAgainAtMs = 0;
  private leasing: Promise<void> | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    readonly limit: number,
    private readonly lease: LeaseSlots,
    private readonly now: () => number = () => performance.now(),
  ) {}

  get isIdle(): boolean {
    return this.inFlight === 0 && this.held === 0 && this.waiting === 0;
  }

  /** Slots that are left, as far as this gateway knows. */
  get remaining(): number {
    return Math.max(0, (this.now() < this.askAgainAtMs ? this.held : this.limit) - this.inFlight);
  }

  /** @returns Whether there is a slot, which {@link release} gives back; at once when that is known. */
  take(): boolean | Promise<boolean> {
    if (this.takeHeld()) return true;
    if (this.leasing === undefined && this.now() < this.askAgainAtMs) return false;
    return this.wait();
  }

  release(): void {
    this.inFlight -= 1;
  }

  /** Gives everything back. */
  async close(): Promise<void> {
    clearInterval(this.timer);
    this.timer = undefined;
    await this.leasing;
    this.held = 0;
    await this.lease(0).catch(() => undefined);
  }

  private takeHeld(): boolean {
    if (this.inFlight >= this.held) return false;
    this.inFlight += 1;
    this.peak = Math.max(this.peak, this.inFlight);
    return true;
  }

  private async wait(): Promise<boolean> {
    this.waiting += 1;
    try {
      while (!this.takeHeld()) {
        if (this.leasing === undefined && this.now() < this.askAgainAtMs) return false;
        this.leasing ??= this.ask().finally(() => (this.leasing = undefined));
        await this.leasing;
      }
      return true;
    } finally {
      this.waiting -= 1;
    }
  }

  private async ask(): Promise<void> {
    // Those who come in the same turn are asked for together.
    await Promise.resolve();
    const wanted = this.inFlight + this.waiting;
    try {
      this.held = await this.lease(wanted);
    } catch {
      // The books are away: nobody can lease more, and each goes on with what it has, or with one.
      this.held = Math.max(this.held, 1);
    }
    this.askAgainAtMs = this.held < wanted ? this.now() + ASK_AGAIN_MS : 0;
    this.timer ??= setInterval(() => void this.renew(), RENEW_MS).unref();
  }

  private async renew(): Promise<void> {
    if (this.leasing !== undefined) return;
    const wanted = Math.max(this.peak, this.inFlight);
    this.peak = this.inFlight;
    // What is given back must not be used meanwhile.
    this.held = Math.min(this.held, wanted);
    this.leasing = this.lease(wanted)
      .then((held) => {
        this.held = held;
      })
      .catch(() => undefined)
      .finally(() => (this.leasing = undefined));
    await this.leasing;
    if (this.held > 0 || this.inFlight > 0 || this.timer === undefined) return;
    clearInterval(this.timer);
    this.timer = undefined;
  }
}
