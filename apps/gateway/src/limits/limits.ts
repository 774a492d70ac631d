import { ServiceError } from '@ganglion/contracts/errors';
import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { uuidv7 } from '@ganglion/contracts/uuidv7';
import type { Caller } from '../auth/caller.js';
import { QuotaRepository, type QuotaName } from '../persistence/quota.repository.js';
import { SETTINGS } from '../settings.module.js';
import { limitHeaders } from './limit-headers.js';
import type { LimitsSettings } from './limits-environment.js';
import { RateQuota, type RateVerdict } from './rate-quota.js';
import { SLOT_LEASE_MS, SlotQuota } from './slot-quota.js';
import { within } from './within.js';

/** Books that are frozen must not hold callers for long. */
const LEASE_TIMEOUT_MS = 500;
/** Keys that are not used for that long are forgotten. */
const IDLE_MS = 60_000;

/** Gives back what a call took. */
export type Release = () => void;

const NOTHING: Release = () => undefined;

interface Quotas {
  readonly rate: RateQuota | undefined;
  readonly slots: SlotQuota | undefined;
  readonly limits: LimitsSettings;
  usedAtMs: number;
}

/** Holds each key to its calls a second and its calls at the same time, together with all other gateways. */
@Injectable()
export class Limits implements BeforeApplicationShutdown {
  private readonly gatewayId = uuidv7();
  private readonly quotas = new Map<string, Quotas>();
  private readonly sweeping = setInterval(() => this.sweep(), IDLE_MS / 2).unref();

  constructor(
    private readonly books: QuotaRepository,
    @Inject(SETTINGS) private readonly settings: LimitsSettings,
  ) {}

  /**
   * @param reply Is told what is left.
   * @returns At once for a key without limits, or when what it may do is known here; to be called when the call is over.
   * @throws ServiceError `rate_limited` that says when to come again.
   */
  admit(caller: Caller, reply: FastifyReply): Release | Promise<Release> {
    const { requestsPerSecond = this.settings.requestsPerSecond, concurrency = this.settings.concurrency } =
      caller.limits;
    if (requestsPerSecond === null && concurrency === null) return NOTHING;
    const quotas = this.quotasOf(caller, { requestsPerSecond, concurrency });
    const taken = quotas.slots?.take() ?? true;
    const enter = (hasSlot: boolean): Release | Promise<Release> => enterBy(hasSlot, quotas, reply);
    return taken instanceof Promise ? taken.then(enter) : enter(taken);
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.sweeping);
    await Promise.all([...this.quotas.values()].map(({ slots }) => slots?.close()));
  }

  private quotasOf({ tenant, keyId }: Caller, limits: LimitsSettings): Quotas {
    const id = `${tenant} ${keyId}`;
    const known = this.quotas.get(id);
    if (known !== undefined && isSame(known.limits, limits)) {
      known.usedAtMs = performance.now();
      return known;
    }
    void known?.slots?.close();
    const made = this.make({ tenant, keyId }, limits);
    this.quotas.set(id, made);
    return made;
  }

  private make(name: QuotaName, limits: LimitsSettings): Quotas {
    const { requestsPerSecond, concurrency } = limits;
    const { books, gatewayId } = this;
    const rate =
      requestsPerSecond === null
        ? undefined
        : new RateQuota(requestsPerSecond, (growth, wanted) =>
            within(LEASE_TIMEOUT_MS, books.leaseCalls(name, growth, wanted)),
          );
    const slots =
      concurrency === null
        ? undefined
        : new SlotQuota(concurrency, (wanted) => {
            const lease = { limit: concurrency, leaseMs: SLOT_LEASE_MS };
            return within(LEASE_TIMEOUT_MS, books.leaseSlots(name, gatewayId, lease, wanted));
          });
    return { rate, slots, limits, usedAtMs: performance.now() };
  }

  private sweep(): void {
    const idleSinceMs = performance.now() - IDLE_MS;
    for (const [id, { usedAtMs, slots }] of this.quotas) {
      if (usedAtMs < idleSinceMs && (slots?.isIdle ?? true)) this.quotas.delete(id);
    }
  }
}

function enterBy(hasSlot: boolean, quotas: Quotas, reply: FastifyReply): Release | Promise<Release> {
  const { rate, slots } = quotas;
  if (!hasSlot) {
    void reply.headers(limitHeaders(rate, slots));
    const detail = `The key has ${slots?.limit} calls in flight, which is its limit: wait for one of them to end.`;
    throw new ServiceError('rate_limited', detail, { retryAfterMs: 1_000 });
  }
  const judge = (verdict: RateVerdict): Release => {
    void reply.headers(limitHeaders(rate, slots));
    if (verdict.isAdmitted) return slots === undefined ? NOTHING : () => slots.release();
    slots?.release();
    const detail = `The key makes more than its ${rate?.callsPerSecond} calls a second.`;
    throw new ServiceError('rate_limited', detail, { retryAfterMs: verdict.retryAfterMs });
  };
  const verdict = rate?.take() ?? { isAdmitted: true };
  return verdict instanceof Promise ? verdict.then(judge) : judge(verdict);
}

function isSame(a: LimitsSettings, b: LimitsSettings): boolean {
  return a.requestsPerSecond === b.requestsPerSecond && a.concurrency === b.concurrency;
}
