import type { AuditEntry } from '@ganglion/contracts/audit';
import type { Capability, OutputOf, ParsedInputOf } from '@ganglion/contracts/capability';
import { ServiceError } from '@ganglion/contracts/errors';
import type { listAudit } from '@ganglion/contracts/services/control-plane/audit';
import type { CallContext } from '@ganglion/service-kit/call-context';
import type { Logger } from '@ganglion/service-kit/logger';
import { LOGGER } from '@ganglion/service-kit/tokens';
import { Inject, Injectable } from '@nestjs/common';
import { uuidv7 } from '@ganglion/contracts/uuidv7';
import type { AuditEntity } from '../persistence/audit.entity.js';
import { AuditRepository } from '../persistence/audit.repository.js';
import type { LinkedEntry } from './hash-chain.js';

/** Who asks, as the audit names them. */
export type Asker = Pick<CallContext, 'tenant' | 'keyId' | 'actor' | 'requestId'>;

/** What is done, and on what. */
export interface Act {
  readonly capability: Pick<Capability, 'service' | 'operation'>;
  readonly object: Readonly<Record<string, unknown>>;
}

/** The record of administrative acts: it grows, and never changes. */
@Injectable()
export class Audit {
  constructor(
    private readonly repository: AuditRepository,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  record(tenant: string, entries: readonly AuditEntry[]): Promise<void> {
    return this.repository.append(tenant, entries);
  }

  /**
   * Does an act of the control plane's own.
   *
   * @param work Commits the entry together with the act.
   * @throws what `work` throws; an act that was refused is then on record as such.
   */
  async act<Result>(asker: Asker, act: Act, work: (entry: AuditEntry) => Promise<Result>): Promise<Result> {
    try {
      return await work(newEntry(asker, act, 'succeeded'));
    } catch (error) {
      if (error instanceof ServiceError && error.spec.status < 500)
        await this.recordRefusal(asker, act, error);
      throw error;
    }
  }

  async list(
    { limit, ...filter }: ParsedInputOf<typeof listAudit>,
    { tenant }: Pick<Asker, 'tenant'>,
  ): Promise<OutputOf<typeof listAudit>> {
    // One more than asked for tells whether there are more.
    const entries = await this.repository.page(tenant, { ...filter, limit: limit + 1 });
    return { data: entries.slice(0, limit).map(toLinkedEntry), hasMore: entries.length > limit };
  }

  /** Nothing was done: the caller hears why, even when that cannot be recorded now. */
  private async recordRefusal(asker: Asker, act: Act, { code }: ServiceError): Promise<void> {
    try {
      await this.record(asker.tenant, [newEntry(asker, act, code)]);
    } catch (error) {
      this.logger.error({ err: error, requestId: asker.requestId, code }, 'A refusal is not in the audit');
    }
  }
}

/** The entry of one act. */
export function newEntry(
  asker: Omit<Asker, 'tenant'>,
  { capability, object }: Act,
  outcome: string,
): AuditEntry {
  return {
    id: uuidv7(),
    at: new Date().toISOString(),
    actor: asker.keyId ?? null,
    credential: asker.actor?.credential ?? null,
    roles: [...(asker.actor?.roles ?? [])],
    address: asker.actor?.address ?? null,
    action: `${capability.service}.${capability.operation}`,
    object: { ...object },
    requestId: asker.requestId,
    outcome,
    count: 1,
  };
}

function toLinkedEntry({ tenantId: _tenantId, at, ...entry }: AuditEntity): LinkedEntry {
  return { ...entry, at: at.toISOString() };
}
