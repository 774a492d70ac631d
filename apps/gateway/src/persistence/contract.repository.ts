import { DEFAULT_TENANT } from '@ganglion/contracts/wire';
import { tenantTransaction } from '@ganglion/persistence';
import { Injectable } from '@nestjs/common';
import { DataSource, MoreThan } from 'typeorm';
import { ContractEntity } from './contract.entity.js';

/** Contracts of services, which belong to the installation. */
@Injectable()
export class ContractRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** Of services that were seen since. */
  seenSince(since: Date): Promise<ContractEntity[]> {
    return tenantTransaction(this.dataSource, DEFAULT_TENANT, (manager) =>
      manager.findBy(ContractEntity, { tenantId: DEFAULT_TENANT, seenAt: MoreThan(since) }),
    );
  }

  async save({ service, digest, document, seenAt }: Omit<ContractEntity, 'tenantId'>): Promise<void> {
    await tenantTransaction(this.dataSource, DEFAULT_TENANT, (manager) =>
      manager.query(SAVE, [DEFAULT_TENANT, service, digest, JSON.stringify(document), seenAt]),
    );
  }
}

const SAVE = `
  INSERT INTO edge.contracts (tenant_id, service, digest, document, seen_at) VALUES ($1, $2, $3, $4, $5)
  ON CONFLICT (tenant_id, service) DO UPDATE
  SET digest = excluded.digest, document = excluded.document, seen_at = excluded.seen_at`;
