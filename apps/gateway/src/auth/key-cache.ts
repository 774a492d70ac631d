import type { OutputOf } from '@ganglion/contracts/capability';
import type { verifyKey } from '@ganglion/contracts/ledger';
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

/** A key that opens something. */
export interface KnownKey {
  readonly caller: Caller;
  /** Public key of its browser tokens. */
  readonly tokenKey: string | null;
}

/** A key that opens nothing, and why. */
export interface RefusedKey {
  readonly refusal: NonNullable<OutputOf<typeof verifyKey>['refusal']>;
}

interface Entry {
  readonly key: KnownKey;
  readonly verifiedAtMs: number;
  askAgainAtMs: number;
}

interface Refusal {
  readonly key: RefusedKey;
  readonly untilMs: number;
}

/** Finds out what a key opens. Rejects when the control plane cannot be asked. */
export type VerifyKey = (name: string) => Promise<KnownKey | RefusedKey>;

/**
 * What is known of keys, by a name such as their SHA-256: fresh for 30 s; with the control plane away, good for 10
 * minutes. Bounded, whatever is thrown at it.
 */
export class KeyCache {
  private readonly known = new RecentMap<Entry>(MAX_KEYS);
  private readonly refused = new RecentMap<Refusal>(MAX_REFUSED);
  private readonly asking = new Map<string, Promise<KnownKey | RefusedKey>>();
  /** Grows with each change of a key: an answer that was on its way meanwhile may be out of date. */
  private changes = 0;

  constructor(
    private readonly verify: VerifyKey,
    private readonly now: () => number,
  ) {}

  /** @returns undefined when the control plane must be asked. */
  peek(name: string): KnownKey | RefusedKey | undefined {
    const entry = this.known.get(name);
    if (entry !== undefined && this.now() < entry.askAgainAtMs) return entry.key;
    const refusal = this.refused.get(name);
    return refusal !== undefined && this.now() < refusal.untilMs ? refusal.key : undefined;
  }

  /** Whether it was a good key when it was last asked about. */
  has(name: string): boolean {
    return this.known.get(name) !== undefined;
  }

  /** Asks the control plane; for many at the same time, once. */
  async ask(name: string): Promise<KnownKey | RefusedKey> {
    const asking = this.asking.get(name) ?? this.refresh(name);
    this.asking.set(name, asking);
    try {
      return await asking;
    } finally {
      if (this.asking.get(name) === asking) this.asking.delete(name);
    }
  }

  /** Forgets a key that was revoked or rotated, by its id. */
  forget(keyId: string): void {
    this.changes += 1;
    this.asking.clear();
    this.known.deleteWhere(({ key }) => key.caller.keyId === keyId);
  }

  private async refresh(name: string): Promise<KnownKey | RefusedKey> {
    const { changes } = this;
    try {
      const key = await this.verify(name);
      if (changes === this.changes) this.remember(name, key);
      return key;
    } catch (error) {
      const entry = this.known.get(name);
      if (entry === undefined || this.now() - entry.verifiedAtMs > STALE_MS) throw error;
      entry.askAgainAtMs = this.now() + AWAY_MS;
      return entry.key;
    }
  }

  private remember(name: string, key: KnownKey | RefusedKey): void {
    const now = this.now();
    if ('refusal' in key) {
      this.known.delete(name);
      this.refused.set(name, { key, untilMs: now + REFUSED_MS });
      return;
    }
    this.known.set(name, { key, verifiedAtMs: now, askAgainAtMs: now + FRESH_MS });
    this.refused.delete(name);
  }
}
