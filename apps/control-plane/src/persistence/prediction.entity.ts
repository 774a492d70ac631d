import { Check, Column, CreateDateColumn, Entity, Index, PrimaryColumn } from 'typeorm';
import { losslessJson } from './lossless-json.js';
import { losslessText } from './lossless-text.js';

/** One row of the ledger. Rows come by the thousand, so `PredictionRepository` writes them with SQL of its own. */
@Entity({ schema: 'control', name: 'predictions' })
@Index('predictions_shadow_of', ['tenantId', 'shadowOf'], { where: 'shadow_of IS NOT NULL' })
@Index('predictions_retention', ['tenantId', 'retainDays', 'createdAt'])
@Index('predictions_subject', ['tenantId', 'subject'], { where: 'subject IS NOT NULL' })
@Check('predictions_review_check', `review IN ('none', 'pending', 'decided')`)
export class PredictionEntity {
  @PrimaryColumn('text', { name: 'tenant_id', default: 'default' })
  tenantId!: string;

  @PrimaryColumn('uuid')
  id!: string;

  @Column('text', { name: 'request_id', transformer: losslessText })
  requestId!: string;

  @Column('text', { transformer: losslessText })
  service!: string;

  @Column('text', { transformer: losslessText })
  operation!: string;

  @Column('text', { name: 'model_id', transformer: losslessText })
  modelId!: string;

  @Column('text', { name: 'model_version', transformer: losslessText })
  modelVersion!: string;

  @Column('text', { name: 'input_sha256', transformer: losslessText })
  inputSha256!: string;

  @Column('jsonb', { transformer: losslessJson })
  output!: unknown;

  @Column('jsonb', { nullable: true, transformer: losslessJson })
  explanation!: Record<string, unknown> | null;

  @Column('double precision', { nullable: true })
  confidence!: number | null;

  @Column('jsonb', { transformer: losslessJson })
  warnings!: string[];

  @Column('text', { name: 'key_id', nullable: true, transformer: losslessText })
  keyId!: string | null;

  /** Whom the input is about, as the caller names them. */
  @Column('text', { nullable: true })
  subject!: string | null;

  /** Id of the answer that a shadow computed beside; `null` for an answer. */
  @Column('uuid', { name: 'shadow_of', nullable: true })
  shadowOf!: string | null;

  @Column('text', { default: 'none' })
  review!: 'none' | 'pending' | 'decided';

  /** As the contract said; one that came without is kept as long as any. */
  @Column('int', { name: 'retain_days', default: 365 })
  retainDays!: number;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  @CreateDateColumn({ type: 'timestamptz', name: 'recorded_at' })
  recordedAt!: Date;
}
