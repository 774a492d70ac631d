import { Column, Entity, PrimaryColumn } from 'typeorm';

/** How many calls of a key one gateway may have in flight. */
@Entity({ schema: 'edge', name: 'concurrency_leases' })
export class ConcurrencyLeaseEntity {
  @PrimaryColumn('text', { name: 'tenant_id', default: 'default' })
  tenantId!: string;

  @PrimaryColumn('text', { name: 'key_id' })
  keyId!: string;

  @PrimaryColumn('uuid', { name: 'gateway_id' })
  gatewayId!: string;

  @Column('integer')
  slots!: number;

  /** A gateway that died gives its slots back then. */
  @Column('timestamptz', { name: 'expires_at' })
  expiresAt!: Date;
}
