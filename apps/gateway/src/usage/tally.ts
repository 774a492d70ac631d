/** What one key used of one operation within one hour, as far as it is not in the ledger yet. */
export interface Tally {
  readonly tenant: string;
  /** Start of the hour, in milliseconds since the epoch. */
  readonly hourMs: number;
  readonly keyId: string;
  readonly operation: string;
  calls: number;
  errors: number;
  items: number;
  bytesIn: number;
  bytesOut: number;
}

/** One call that is over. */
export interface CountedCall {
  readonly tenant: string;
  readonly keyId: string;
  readonly operation: string;
  readonly isError: boolean;
  readonly items: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
}

const HOUR_MS = 3_600_000;

/** Adds calls up by hour, tenant, key and operation. */
export class Tallies {
  private tallies = new Map<string, Tally>();

  get size(): number {
    return this.tallies.size;
  }

  count(call: CountedCall, nowMs: number): void {
    const hourMs = nowMs - (nowMs % HOUR_MS);
    const { tenant, keyId, operation, isError, items, bytesIn, bytesOut } = call;
    this.merge({
      tenant,
      hourMs,
      keyId,
      operation,
      calls: 1,
      errors: Number(isError),
      items,
      bytesIn,
      bytesOut,
    });
  }

  /** Adds a tally, such as one that could not be written. */
  merge(added: Tally): void {
    const name = `${added.hourMs} ${added.tenant} ${added.keyId} ${added.operation}`;
    const tally = this.tallies.get(name);
    if (tally === undefined) {
      this.tallies.set(name, added);
      return;
    }
    tally.calls += added.calls;
    tally.errors += added.errors;
    tally.items += added.items;
    tally.bytesIn += added.bytesIn;
    tally.bytesOut += added.bytesOut;
  }

  /** Hands all over, and begins anew. */
  take(): Map<string, Tally[]> {
    const byTenant = new Map<string, Tally[]>();
    for (const tally of this.tallies.values()) {
      const ofTenant = byTenant.get(tally.tenant);
      if (ofTenant === undefined) byTenant.set(tally.tenant, [tally]);
      else ofTenant.push(tally);
    }
    this.tallies = new Map();
    return byTenant;
  }
}
