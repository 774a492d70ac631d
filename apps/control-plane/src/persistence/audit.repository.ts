import type { AuditEntry } from '@ganglion/contracts/audit';
import { reachLedger, tenantTransaction } from '@ganglion/persistence';
import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { LessThan, type DataSource } from 'typeorm';
import { appendAudit } from './append-audit.js';
import { AuditEntity } from './audit.entity.js';

export interface AuditFilter {
  readonly limit: number;
  /** Only entries of a smaller sequence. */
  readonly before?: number | undefined;
  readonly action?: string | undefined;
  readonly actor?: string | undefined;
}

/** The audit, of one tenant at a time. */
@Injectable()
export class AuditRepository {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  append(tenantId: string, entries: readonly AuditEntry[]): Promise<void> {
    return reachLedger(
      tenantTransaction(this.dataSource, tenantId, (manager) => appendAudit(manager, tenantId, entries)),
    );
  }

  /** Newest first. */
  page(tenantId: string, { limit, before, action, actor }: AuditFilter): Promise<AuditEntity[]> {
    const where = {
      tenantId,
      ...(before !== undefined && { sequence: LessThan(before) }),
      ...(action !== undefined && { action }),
      ...(actor !== undefined && { actor }),
    };
    return reachLedger(
      tenantTransaction(this.dataSource, tenantId, (manager) =>
        manager.find(AuditEntity, { where, order: { sequence: 'DESC' }, take: limit }),
      ),
    );
  }
}
