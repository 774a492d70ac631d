import type { ContractDocument } from '@ganglion/contracts/contract-document';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What a service offered when it was last seen. */
@Entity({ schema: 'edge', name: 'contracts' })
export class ContractEntity {
  @PrimaryColumn('text', { name: 'tenant_id', default: 'default' })
  tenantId!: string;

  @PrimaryColumn('text')
  service!: string;

  /** Of the document, as instances announce it. */
  @Column('text')
  digest!: string;

  @Column('jsonb')
  document!: ContractDocument;

  /** To the hour. */
  @Column('timestamptz', { name: 'seen_at' })
  seenAt!: Date;
}
