import { recordAudit, type AuditEntry } from '@ganglion/contracts/audit';
import { ServiceError } from '@ganglion/contracts/errors';
import { Caller as ServiceCaller } from '@ganglion/service-kit/caller';
import type { Logger } from '@ganglion/service-kit/logger';
import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { LOGGER } from '@ganglion/service-kit/tokens';

const SEND_AGAIN_MS = 1_000;
/** What waits for a control plane that is away. */
const MAX_WAITING = 10_000;
const MAX_BATCH = 500;
/** What a stopping gateway still tries. */
const FLUSH_WITHIN_MS = 2_000;

/** The way of the gateway's entries into the audit, which the control plane keeps. */
@Injectable()
export class AuditLog implements BeforeApplicationShutdown {
  private readonly waiting = new Map<string, AuditEntry[]>();
  private count = 0;
  private lost = 0;
  private sending: Promise<void> | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly services: ServiceCaller,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** @throws ServiceError `ledger_unavailable` when the entry is not on record: what it is about must not be done. */
  async commit(tenant: string, entry: AuditEntry): Promise<void> {
    try {
      await this.services.call(recordAudit, { entries: [entry] }, { tenant });
    } catch (cause) {
      const detail = 'The act could not be put on record, so it was not done. Try again.';
      throw new ServiceError('ledger_unavailable', detail, { cause, retryAfterMs: 1_000 });
    }
  }

  /** Puts an entry on record in the background, and again until it is. */
  add(tenant: string, entry: AuditEntry): void {
    if (this.count >= MAX_WAITING) {
      this.lost += 1;
      return;
    }
    this.count += 1;
    const ofTenant = this.waiting.get(tenant);
    if (ofTenant === undefined) this.waiting.set(tenant, [entry]);
    else ofTenant.push(entry);
    this.sendIn(0);
  }

  async beforeApplicationShutdown(): Promise<void> {
    const deadline = performance.now() + FLUSH_WITHIN_MS;
    clearTimeout(this.timer);
    await this.sending;
    await this.send(deadline);
    clearTimeout(this.timer);
    if (this.count > 0) this.logger.error({ entries: this.count }, 'Entries are not in the audit');
  }

  private sendIn(ms: number): void {
    if (this.timer !== undefined || this.sending !== undefined) return;
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.sending = this.send().finally(() => {
        this.sending = undefined;
        if (this.count > 0) this.sendIn(SEND_AGAIN_MS);
      });
    }, ms);
    this.timer.unref();
  }

  /** Sends all that waits, until one does not get through. */
  private async send(deadline = Infinity): Promise<void> {
    this.tellLost();
    for (const [tenant, entries] of this.waiting) {
      while (entries.length > 0) {
        const batch = entries.slice(0, MAX_BATCH);
        try {
          await this.services.call(recordAudit, { entries: batch }, { tenant, deadline });
        } catch (error) {
          if (!isRefused(error)) return;
          this.logger.error({ err: error, entries: batch }, 'The audit refuses entries: they are given up');
        }
        entries.splice(0, batch.length);
        this.count -= batch.length;
      }
      this.waiting.delete(tenant);
    }
  }

  private tellLost(): void {
    if (this.lost === 0) return;
    this.logger.error(
      { entries: this.lost },
      'Entries are not in the audit: too many wait for the control plane',
    );
    this.lost = 0;
  }
}

/** Whether it would be refused again. */
function isRefused(error: unknown): boolean {
  return error instanceof ServiceError && error.spec.status < 500;
}
