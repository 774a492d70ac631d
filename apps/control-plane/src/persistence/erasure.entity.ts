import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** An erasure that was asked for, and the proof of it. */
@Entity({ schema: 'control', name: 'erasures' })
@Index('erasures_tenant', ['tenantId', 'id'])
@Index('erasures_due_at', ['dueAt'], { where: 'due_at IS NOT NULL' })
export class ErasureEntity {
  @Column('text', { name: 'tenant_id', default: 'default' })
  tenantId!: string;

  /** UUIDv7: what has a smaller id was there when it was asked for. */
  @PrimaryColumn('uuid')
  id!: string;

  /** Until the end, which forgets it as well; null for everything of the tenant. */
  @Column('text', { nullable: true })
  subject!: string | null;

  /** Null for everything of the tenant. */
  @Column('text', { name: 'subject_sha256', nullable: true })
  subjectSha256!: string | null;

  @Column('text', { default: 'running' })
  state!: 'running' | 'settling' | 'done';

  @Column('text', { name: 'requested_by', nullable: true })
  requestedBy!: string | null;

  @Column('jsonb', { default: [] })
  erased!: { service: string; table: string; rows: number; sha256: string }[];

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'erased_at', nullable: true })
  erasedAt!: Date | null;

  @Column('timestamptz', { name: 'done_at', nullable: true })
  doneAt!: Date | null;

  /** When somebody is to work for it next: whoever does so moves it ahead, in case they die. Null once it is done. */
  @Column('timestamptz', { name: 'due_at', nullable: true })
  dueAt!: Date | null;
}
