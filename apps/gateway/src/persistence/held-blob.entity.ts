import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A blob that a row of this schema holds: without one, a lease older than an hour counts as left by a crash. */
@Entity({ schema: 'edge', name: 'held_blobs' })
@Index('held_blobs_holder', ['holder'])
export class HeldBlobEntity {
  @PrimaryColumn('text', { name: 'tenant_id', default: 'default' })
  tenantId!: string;

  @PrimaryColumn('uuid')
  lease!: string;

  /** Id of the row that holds it. */
  @Column('uuid')
  holder!: string;

  /** What the holder has it for, such as `input`. */
  @Column('text')
  purpose!: string;

  @Column('text')
  sha256!: string;

  @Column('bigint')
  bytes!: string;
}
