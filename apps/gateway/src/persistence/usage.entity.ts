import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What one key used of one operation within one hour. */
@Entity({ schema: 'edge', name: 'usage' })
export class UsageEntity {
  @PrimaryColumn('text', { name: 'tenant_id', default: 'default' })
  tenantId!: string;

  /** Start of the hour. */
  @PrimaryColumn('timestamptz')
  hour!: Date;

  @PrimaryColumn('text', { name: 'key_id' })
  keyId!: string;

  @PrimaryColumn('text')
  operation!: string;

  @Column('bigint')
  calls!: string;

  @Column('bigint')
  errors!: string;

  @Column('bigint')
  items!: string;

  @Column('bigint', { name: 'bytes_in' })
  bytesIn!: string;

  @Column('bigint', { name: 'bytes_out' })
  bytesOut!: string;
}
