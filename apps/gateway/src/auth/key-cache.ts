import type { Caller } from './caller.js';
import { RecentMap } from './recent-map.js';

/** How long an answer of the control plane is good without asking again. */
const FRESH_MS = 30_000;
/** How long a known key goes on working while the control plane is away. */
const STALE_MS = 10 * 60_000;
/** How long it is taken for away after a question that it did not answer. */
const AWAY_MS = 1_000;
/** A key that does not exist is soon asked about again: it may have been made a moment ago. */
const REFUSED_MS = 2_000;

const MAX_KEYS = 10_000;
/** Apart from the good ones, so that guessing cannot push those out. */
const MAX_REFUSED = 1_000;

interface Entry {
  readonly caller: Caller;
  readonly verifiedAtMs: number;
  askAgainAtMs: number;
}

/** Finds out whose key it is; null when it is nobody's. Rejects when the control plane cannot be asked. */
export type VerifyKey = (sha256: string) => Promise<Caller | null>;

/**
 * What is known of keys, by their SHA-256: fresh for 30 s; with the control plane away, good for 10 minutes. Bounded,
 * whatever is thrown at it.
 */
export class KeyCache {
  private readonly known = new RecentMap<Entry>(MAX_KEYS);
  private readonly refusedUntilMs = new RecentMap<number>(MAX_REFUSED);
  private readonly asking = new Map<string, Promise<Caller | null>>();
  /** Grows with each revocation: an answer that was on its way meanwhile may be out of date. */
  private revocations = 0;

  constructor(
    private readonly verify: VerifyKey,
    private readonly now: () => number,
  ) {}

  /** @returns undefined when the control plane must be asked. */
  peek(sha256: string): Caller | null | undefined {
    const entry = this.known.get(sha256);
    if (entry !== undefined && this.now() < entry.askAgainAtMs) return entry.caller;
    return this.now() < (this.refusedUntilMs.get(sha256) ?? 0) ? null : undefined;
  }

  /** Asks the control plane; for many at the same time, once. */
  async ask(sha256: string): Promise<Caller | null> {
    const asking = this.asking.get(sha256) ?? this.refresh(sha256);
    this.asking.set(sha256, asking);
    try {
      return await asking;
    } finally {
      this.asking.delete(sha256);
    }
  }

  /** Drops a key that was revoked. */
  revoke(sha256: string): void {
    this.revocations += 1;
    this.asking.delete(sha256);
    this.known.delete(sha256);
  }

  private async refresh(sha256: string): Promise<Caller | null> {
    const revocations = this.revocations;
    try {
      const caller = await this.verify(sha256);
      if (revocations === this.revocations) this.remember(sha256, caller);
      return caller;
    } catch (error) {
      const entry = this.known.get(sha256);
      if (entry === undefined || this.now() - entry.verifiedAtMs > STALE_MS) throw error;
      entry.askAgainAtMs = this.now() + AWAY_MS;
      return entry.caller;
    }
  }

  private remember(sha256: string, caller: Caller | null): void {
    const now = this.now();
    if (caller === null) {
      this.known.delete(sha256);
      this.refusedUntilMs.set(sha256, now + REFUSED_MS);
      return;
    }
    this.known.set(sha256, { caller, verifiedAtMs: now, askAgainAtMs: now + FRESH_MS });
    this.refusedUntilMs.delete(sha256);
  }
}
