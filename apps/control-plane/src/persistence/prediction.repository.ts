import type { PredictionRecord } from '@ganglion/contracts/prediction-record';
import { reachLedger, tenantTransaction } from '@ganglion/persistence';
import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { toStorableJson } from './lossless-json.js';
import { escapeText } from './lossless-text.js';
import { PredictionEntity } from './prediction.entity.js';

/** The most that a contract of ours says: for records of a publisher that does not say it yet. */
const LONGEST_RETAIN_DAYS = 365;

/** Columns that an insert fills, their types, and what of a record goes into them. */
const COLUMNS: readonly [name: string, type: string, of: (record: PredictionRecord) => unknown][] = [
  ['id', 'uuid', (record) => record.id],
  ['request_id', 'text', (record) => escapeText(record.requestId)],
  ['service', 'text', (record) => escapeText(record.service)],
  ['operation', 'text', (record) => escapeText(record.operation)],
  ['model_id', 'text', (record) => escapeText(record.model.id)],
  ['model_version', 'text', (record) => escapeText(record.model.version)],
  ['input_sha256', 'text', (record) => escapeText(record.inputSha256)],
  ['output', 'jsonb', (record) => json(record.output ?? null)],
  ['explanation', 'jsonb', (record) => record.explanation && json(record.explanation)],
  ['confidence', 'double precision', (record) => record.confidence],
  ['warnings', 'jsonb', (record) => json(record.warnings)],
  ['key_id', 'text', (record) => record.keyId && escapeText(record.keyId)],
  ['subject', 'text', (record) => record.subject],
  ['shadow_of', 'uuid', (record) => record.shadowOf],
  ['retain_days', 'int', (record) => record.retainDays ?? LONGEST_RETAIN_DAYS],
  ['created_at', 'timestamptz', (record) => record.createdAt],
];

/** One statement for any number of rows: a parameter a column, not a value. $1 is the tenant. */
const INSERT = `
  WITH inserted AS (
    INSERT INTO control.predictions (tenant_id, ${COLUMNS.map(([name]) => name).join(', ')})
    SELECT $1, * FROM unnest(${COLUMNS.map(([, type], index) => `$${index + 2}::${type}[]`).join(', ')})
    ON CONFLICT (tenant_id, id) DO NOTHING
    RETURNING 1
  )
  SELECT count(*)::int AS count FROM inserted`;

/** A record's values, in the order of the columns. */
export type PredictionRow = readonly unknown[];

/** @throws ServiceError `invalid_input` when the record is nested too deep to be stored. */
export function toPredictionRow(record: PredictionRecord): PredictionRow {
  return COLUMNS.map(([, , of]) => of(record) ?? null);
}

/** The ledger of predictions, of one tenant at a time. */
@Injectable()
export class PredictionRepository {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /**
   * Commits rows in one transaction. An id that the ledger has already is passed over, so that it may be sent again.
   *
   * @returns How many were new.
   */
  async insert(tenantId: string, rows: readonly PredictionRow[]): Promise<number> {
    const columns = COLUMNS.map((_, index) => rows.map((row) => row[index]));
    const [{ count }] = await reachLedger(
      tenantTransaction(this.dataSource, tenantId, (manager) =>
        manager.query(INSERT, [tenantId, ...columns]),
      ),
    );
    return count;
  }

  find(tenantId: string, id: string): Promise<PredictionEntity | null> {
    return reachLedger(
      tenantTransaction(this.dataSource, tenantId, (manager) =>
        manager.findOneBy(PredictionEntity, { tenantId, id }),
      ),
    );
  }

  /** Ids of what shadows computed beside an answer. */
  async findShadows(tenantId: string, id: string): Promise<string[]> {
    const rows = await reachLedger(
      tenantTransaction(this.dataSource, tenantId, (manager) =>
        manager.find(PredictionEntity, {
          where: { tenantId, shadowOf: id },
          select: { id: true },
          order: { id: 'ASC' },
        }),
      ),
    );
    return rows.map((row) => row.id);
  }
}

function json(value: unknown): string {
  return JSON.stringify(toStorableJson(value));
}
