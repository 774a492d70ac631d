import { Column, Entity, PrimaryColumn } from 'typeorm';

/** How many calls a key may still make just now, over all gateways. */
@Entity({ schema: 'edge', name: 'rate_quotas' })
export class RateQuotaEntity {
  @PrimaryColumn('text', { name: 'tenant_id', default: 'default' })
  tenantId!: string;

  @PrimaryColumn('text', { name: 'key_id' })
  keyId!: string;

  /** Calls that no gateway has leased, at {@link refilledAt}. */
  @Column('double precision')
  tokens!: number;

  /** Calls that the last lease got. */
  @Column('integer')
  granted!: number;

  @Column('timestamptz', { name: 'refilled_at' })
  refilledAt!: Date;
}
