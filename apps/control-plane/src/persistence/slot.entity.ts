import type { SlotVersion } from '@ganglion/contracts/slots';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What a slot should use. Slots are of the whole installation: every row is of the tenant `default`. */
@Entity({ schema: 'control', name: 'slots' })
export class SlotEntity {
  @PrimaryColumn('text', { name: 'tenant_id', default: 'default' })
  tenantId!: string;

  @PrimaryColumn('text')
  service!: string;

  @PrimaryColumn('text')
  slot!: string;

  @Column('jsonb')
  versions!: SlotVersion[];

  @Column('timestamptz', { name: 'updated_at' })
  updatedAt!: Date;
}
