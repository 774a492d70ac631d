import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A secret that a rotation took the place of. Its row stays, so that it never becomes a key again. */
@Entity({ schema: 'control', name: 'retired_secrets' })
export class RetiredSecretEntity {
  /** Lower-case hex sha256. */
  @PrimaryColumn('text')
  sha256!: string;

  @Column('text', { name: 'tenant_id', default: 'default' })
  tenantId!: string;

  @Column('uuid', { name: 'key_id' })
  keyId!: string;

  /** Until when it goes on working. */
  @Column('timestamptz', { name: 'expires_at' })
  expiresAt!: Date;
}
