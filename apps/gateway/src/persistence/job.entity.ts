import type { JobClass } from '@ganglion/contracts/capability';
import { Column, CreateDateColumn, Entity, Index, PrimaryColumn } from 'typeorm';

export type JobState = 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled';

export interface Progress {
  readonly done: number;
  readonly total: number | null;
  readonly unit: string;
}

/** The ledger's row of one job. Bodies are MessagePack, in the row or, by a reference, in the blob store. */
@Entity({ schema: 'edge', name: 'jobs' })
@Index('jobs_tenant', ['tenantId', 'id'])
@Index('jobs_queue', ['state', 'service', 'class', 'queuedAt'])
@Index('jobs_lease', ['state', 'leaseUntil'])
@Index('jobs_pace', ['service', 'class', 'endedAt'])
@Index('jobs_expires_at', ['expiresAt'])
@Index('jobs_subject', ['tenantId', 'subject'], { where: 'subject IS NOT NULL' })
export class JobEntity {
  @Column('text', { name: 'tenant_id', default: 'default' })
  tenantId!: string;

  /** UUIDv7; also the id of its answer in the ledger of predictions. */
  @PrimaryColumn('uuid')
  id!: string;

  @Column('text')
  service!: string;

  @Column('text')
  operation!: string;

  @Column('text')
  class!: JobClass;

  @Column('text', { default: 'queued' })
  state!: JobState;

  /** Given up because its workers died of it: it has failed, and its input is kept. */
  @Column('boolean', { name: 'is_dead', default: false })
  isDead!: boolean;

  @Column('text', { name: 'request_id' })
  requestId!: string;

  @Column('text', { name: 'key_id', nullable: true })
  keyId!: string | null;

  @Column('text', { nullable: true })
  traceparent!: string | null;

  /** Whom the input is about, as the caller names them. */
  @Column('text', { nullable: true })
  subject!: string | null;

  /** The model that the caller asked for. */
  @Column('text', { nullable: true })
  model!: string | null;

  @Column('bytea', { nullable: true })
  input!: Buffer | null;

  @Column('text', { name: 'input_ref', nullable: true })
  inputRef!: string | null;

  /** Of many inputs, those that the gateway refused: `RefusedItems` as MessagePack. */
  @Column('bytea', { nullable: true })
  refused!: Buffer | null;

  /** The answer of a job that succeeded, the problem of one that failed. */
  @Column('bytea', { nullable: true })
  outcome!: Buffer | null;

  @Column('text', { name: 'outcome_ref', nullable: true })
  outcomeRef!: string | null;

  @Column('bytea', { nullable: true })
  checkpoint!: Buffer | null;

  @Column('text', { name: 'checkpoint_ref', nullable: true })
  checkpointRef!: string | null;

  @Column('int', { name: 'checkpoint_parts', default: 0 })
  checkpointParts!: number;

  @Column('int', { default: 0 })
  parts!: number;

  @Column('jsonb', { nullable: true })
  progress!: Progress | null;

  @Column('int', { name: 'timeout_ms' })
  timeoutMs!: number;

  @Column('int', { name: 'retain_days' })
  retainDays!: number;

  /** How often it was given to a worker: the number of its newest run, by which older ones are fenced off. */
  @Column('int', { default: 0 })
  runs!: number;

  /** Runs that ended without a word. */
  @Column('int', { default: 0 })
  crashes!: number;

  /** Runs that ended in an error which time may mend. */
  @Column('int', { default: 0 })
  retries!: number;

  @Column('text', { nullable: true })
  worker!: string | null;

  @Column('timestamptz', { name: 'lease_until', nullable: true })
  leaseUntil!: Date | null;

  @Column('boolean', { name: 'is_cancel_requested', default: false })
  isCancelRequested!: boolean;

  @Column('timestamptz', { name: 'run_after', default: () => 'now()' })
  runAfter!: Date;

  @Column('timestamptz', { name: 'published_at', nullable: true })
  publishedAt!: Date | null;

  /** Which stream its id was published to: one that was made anew is another. */
  @Column('text', { name: 'published_to', nullable: true })
  publishedTo!: string | null;

  @CreateDateColumn({ type: 'timestamptz', name: 'created_at' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'queued_at', default: () => 'now()' })
  queuedAt!: Date;

  @Column('timestamptz', { name: 'started_at', nullable: true })
  startedAt!: Date | null;

  @Column('timestamptz', { name: 'ended_at', nullable: true })
  endedAt!: Date | null;

  @Column('timestamptz', { name: 'expires_at', nullable: true })
  expiresAt!: Date | null;
}
