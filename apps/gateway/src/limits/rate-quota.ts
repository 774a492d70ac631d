/** What a quota may hold when nobody called for a while: a burst of it, on top of ten seconds' rate, stays below 5 %. */
const BURST_SECONDS = 0.25;
/** For how long of its own load a gateway leases ahead. */
const AHEAD_SECONDS = 0.1;
/** What was leased and not used goes back to nobody after that. */
const LEASED_FOR_MS = 1_000;
/** A quota that is used up is not asked for more often than that. */
const ASK_AGAIN_MS = 20;
/** While the books are away, a gateway goes on with what it got lately, and at least this part of the quota. */
const LEAST_SHARE = 0.1;
/** Over how long its share is measured. */
const SHARE_WINDOW_MS = 5_000;

/** Asks the books, which all gateways lease from. Rejects when they are away. */
export type LeaseCalls = (
  rate: { readonly callsPerSecond: number; readonly burst: number },
  wanted: number,
) => Promise<{ readonly granted: number; readonly left: number }>;

/** A call that was let through, or how long it should wait. */
export type RateVerdict =
  { readonly isAdmitted: true } | { readonly isAdmitted: false; readonly retryAfterMs: number };

const ADMITTED: RateVerdict = { isAdmitted: true };

/**
 * One gateway's part of a key's calls a second. It leases calls ahead of its own load, so that most of them have nothing
 * to wait for; what all gateways lease together is never more than the quota.
 */
export class RateQuota {
  readonly burst: number;
  private leased = 0;
  private leasedUntilMs = 0;
  private left: number;
  private askAgainAtMs = 0;
  private waiting = 0;
  private leasing: Promise<void> | undefined;
  private admittedInWindow = 0;
  private windowStartedAtMs: number;
  /** Calls a second that this gateway lately let through. */
  private share: number;

  constructor(
    readonly callsPerSecond: number,
    private readonly lease: LeaseCalls,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.burst = Math.max(1, callsPerSecond * BURST_SECONDS);
    this.left = this.burst;
    this.windowStartedAtMs = now();
    this.share = callsPerSecond * LEAST_SHARE;
  }

  /** Calls that are left, as far as this gateway knows. */
  get remaining(): number {
    return Math.max(0, Math.floor(this.leased + this.left));
  }

  /** @returns At once while calls are leased, or the quota is known to be used up. */
  take(): RateVerdict | Promise<RateVerdict> {
    this.measure();
    return this.takeLeased() ?? this.refuse() ?? this.wait();
  }

  private takeLeased(): RateVerdict | undefined {
    if (this.now() >= this.leasedUntilMs) this.leased = 0;
    if (this.leased < 1) return undefined;
    this.leased -= 1;
    this.admittedInWindow += 1;
    if (this.leased < this.ahead / 2 && this.now() >= this.askAgainAtMs) void this.renew();
    return ADMITTED;
  }

  private refuse(): RateVerdict | undefined {
    const waitMs = this.askAgainAtMs - this.now();
    if (waitMs <= 0 || this.leasing !== undefined) return undefined;
    return { isAdmitted: false, retryAfterMs: Math.max(waitMs, 1_000 / this.callsPerSecond) };
  }

  private async wait(): Promise<RateVerdict> {
    this.waiting += 1;
    try {
      for (;;) {
        await this.renew();
        const verdict = this.takeLeased() ?? this.refuse();
        if (verdict !== undefined) return verdict;
      }
    } finally {
      this.waiting -= 1;
    }
  }

  private get ahead(): number {
    return Math.max(1, Math.ceil(this.share * AHEAD_SECONDS));
  }

  private renew(): Promise<void> {
    this.leasing ??= this.ask().finally(() => {
      this.leasing = undefined;
    });
    return this.leasing;
  }

  private async ask(): Promise<void> {
    const { callsPerSecond, burst } = this;
    // Those who come in the same turn are asked for together.
    await Promise.resolve();
    const wanted = Math.max(this.ahead, this.waiting);
    try {
      const { granted, left } = await this.lease({ callsPerSecond, burst }, wanted);
      this.receive(granted, left, left < 1 ? ((1 - left) / callsPerSecond) * 1_000 : 0);
    } catch {
      this.receive(Math.max(1, Math.round((this.share * LEASED_FOR_MS) / 1_000)), 0, LEASED_FOR_MS);
    }
  }

  private receive(granted: number, left: number, nextInMs: number): void {
    const now = this.now();
    this.leased += granted;
    this.leasedUntilMs = now + LEASED_FOR_MS;
    this.left = left;
    this.askAgainAtMs = nextInMs > 0 ? now + Math.max(ASK_AGAIN_MS, nextInMs) : 0;
  }

  private measure(): void {
    const elapsedMs = this.now() - this.windowStartedAtMs;
    if (elapsedMs < SHARE_WINDOW_MS / 10) return;
    const rate = (this.admittedInWindow * 1_000) / elapsedMs;
    const weight = Math.min(1, elapsedMs / SHARE_WINDOW_MS);
    const least = this.callsPerSecond * LEAST_SHARE;
    this.share = Math.min(this.callsPerSecond, Math.max(least, this.share + (rate - this.share) * weight));
    this.admittedInWindow = 0;
    this.windowStartedAtMs = this.now();
  }
}
