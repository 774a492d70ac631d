import { predictionRecord } from '@ganglion/contracts/prediction-record';
import { TENANT_NAME } from '@ganglion/contracts/wire';
import { decode } from '@ganglion/service-kit/codec';
import { z } from 'zod';
import { toPredictionRow, type PredictionRow } from '../persistence/prediction.repository.js';

/** What a ledger event holds, as rows; and what of it can never be one. */
export interface PredictionEvent {
  readonly tenant: string;
  readonly rows: readonly PredictionRow[];
  readonly refused: readonly RefusedRecord[];
}

export interface RefusedRecord {
  readonly predictionId: string;
  /** Names fields and rules, never what a field held. */
  readonly reason: string;
}

const envelope = z.object({ tenant: z.string().regex(TENANT_NAME), predictions: z.array(z.unknown()) });

/** Fields that a newer publisher adds are left out rather than refused. */
const knownFields = predictionRecord.strip();

/** @throws Error when the bytes are no ledger event at all. */
export function readPredictionEvent(bytes: Uint8Array): PredictionEvent {
  const parsed = envelope.safeParse(decode(bytes));
  if (!parsed.success) throw new Error(`no ledger event: ${describe(parsed.error)}`);
  const rows: PredictionRow[] = [];
  const refused: RefusedRecord[] = [];
  for (const value of parsed.data.predictions) {
    try {
      rows.push(toRow(value));
    } catch (error) {
      refused.push({ predictionId: idOf(value), reason: String((error as Error).message) });
    }
  }
  return { tenant: parsed.data.tenant, rows, refused };
}

function toRow(value: unknown): PredictionRow {
  const record = knownFields.safeParse(value);
  if (!record.success) throw new Error(describe(record.error));
  return toPredictionRow(record.data);
}

function describe({ issues }: z.ZodError): string {
  return issues.map(({ path, code }) => `/${path.join('/')} ${code}`).join(', ');
}

function idOf(value: unknown): string {
  const id = (value as { id?: unknown } | null | undefined)?.id;
  return typeof id === 'string' ? id.slice(0, 36) : 'without id';
}
