import type { Credential, Role } from '@ganglion/contracts/access';
import { Column, Entity, PrimaryColumn, Unique } from 'typeorm';
import { losslessJson } from './lossless-json.js';
import { losslessText } from './lossless-text.js';

/** One entry of a tenant's audit. The run-time roles may add entries and read them, and nothing else. */
@Entity({ schema: 'control', name: 'audit' })
@Unique('audit_tenant_id_id_key', ['tenantId', 'id'])
export class AuditEntity {
  @PrimaryColumn('text', { name: 'tenant_id', default: 'default' })
  tenantId!: string;

  @PrimaryColumn('integer')
  sequence!: number;

  @Column('uuid')
  id!: string;

  @Column('timestamptz')
  at!: Date;

  @Column('text', { nullable: true, transformer: losslessText })
  actor!: string | null;

  @Column('text', { nullable: true })
  credential!: Credential | null;

  @Column('text', { array: true })
  roles!: Role[];

  @Column('text', { nullable: true, transformer: losslessText })
  address!: string | null;

  @Column('text', { transformer: losslessText })
  action!: string;

  @Column('jsonb', { transformer: losslessJson })
  object!: Record<string, unknown>;

  @Column('text', { name: 'request_id', nullable: true, transformer: losslessText })
  requestId!: string | null;

  @Column('text', { transformer: losslessText })
  outcome!: string;

  @Column('integer')
  count!: number;

  @Column('text', { name: 'previous_hash', nullable: true })
  previousHash!: string | null;

  @Column('text')
  hash!: string;
}
