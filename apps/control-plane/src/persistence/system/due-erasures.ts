import { reachLedger } from '@ganglion/persistence';
import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import type { ErasureEntity } from '../erasure.entity.js';
import { SYSTEM_DATA_SOURCE } from './system-data-source.js';

/** Whoever took an erasure and died holds it for no longer. */
const LEASE_SECONDS = 120;

const TAKE = `
  UPDATE control.erasures SET due_at = now() + interval '${LEASE_SECONDS} seconds' WHERE id IN (
    SELECT id FROM control.erasures WHERE due_at <= now() ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED)
  RETURNING id, tenant_id AS "tenantId", subject, state, created_at AS "createdAt"`;

export type DueErasure = Pick<ErasureEntity, 'id' | 'tenantId' | 'subject' | 'state' | 'createdAt'>;

/** The erasures of all tenants that somebody is to work for. */
@Injectable()
export class DueErasures {
  constructor(@InjectDataSource(SYSTEM_DATA_SOURCE) private readonly dataSource: DataSource) {}

  /** @returns undefined when there is nothing to do. */
  async take(): Promise<DueErasure | undefined> {
    const [[due]] = (await reachLedger(this.dataSource.query(TAKE))) as [DueErasure[], number];
    return due;
  }
}
