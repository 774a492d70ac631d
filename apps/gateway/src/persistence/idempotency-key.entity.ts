import { Column, CreateDateColumn, Entity, Index, PrimaryColumn } from 'typeorm';

/** One use of an idempotency key: being answered under a lease, a job, or answered. */
@Entity({ schema: 'edge', name: 'idempotency_keys' })
@Index('idempotency_keys_expires_at', ['expiresAt'])
@Index('idempotency_keys_subject', ['tenantId', 'subject'], { where: 'subject IS NOT NULL' })
export class IdempotencyKeyEntity {
  @PrimaryColumn('text', { name: 'tenant_id', default: 'default' })
  tenantId!: string;

  /** Id of the API key, `oidc:<subject>` or `anonymous`. */
  @PrimaryColumn('text', { name: 'caller_id' })
  callerId!: string;

  /** `<service>.<operation>`. */
  @PrimaryColumn('text')
  route!: string;

  @PrimaryColumn('text')
  key!: string;

  /** By which the row holds its blob. */
  @Column('uuid')
  id!: string;

  @Column('text', { name: 'input_sha256' })
  inputSha256!: string;

  /** Set when the request became a job: the job is the answer then. */
  @Column('uuid', { name: 'job_id', nullable: true })
  jobId!: string | null;

  /** How often the request was begun; more than once only after a crash. */
  @Column('int', { default: 1 })
  runs!: number;

  /** Who answers it now; null once it is answered. */
  @Column('uuid', { nullable: true })
  holder!: string | null;

  @Column('timestamptz', { name: 'lease_until', nullable: true })
  leaseUntil!: Date | null;

  /** HTTP status of the answer; null until there is one. */
  @Column('int', { nullable: true })
  status!: number | null;

  @Column('jsonb', { nullable: true })
  headers!: Record<string, string> | null;

  @Column('bytea', { nullable: true })
  body!: Buffer | null;

  /** JSON of a blob reference: the body lies in the blob store. */
  @Column('text', { name: 'body_ref', nullable: true })
  bodyRef!: string | null;

  /** Whom the input is about, as the caller names them. */
  @Column('text', { nullable: true })
  subject!: string | null;

  @CreateDateColumn({ type: 'timestamptz', name: 'created_at' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'expires_at' })
  expiresAt!: Date;
}
