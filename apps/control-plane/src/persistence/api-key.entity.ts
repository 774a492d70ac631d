import type { Role } from '@ganglion/contracts/access';
import type { KeyLimits } from '@ganglion/contracts/key-limits';
import { Column, CreateDateColumn, Entity, PrimaryColumn } from 'typeorm';
import { losslessText } from './lossless-text.js';

@Entity({ schema: 'control', name: 'api_keys' })
export class ApiKeyEntity {
  /** UUIDv7: keys sort by the time they were made. */
  @PrimaryColumn('uuid')
  id!: string;

  @Column('text', { name: 'tenant_id', default: 'default' })
  tenantId!: string;

  @Column('text', { transformer: losslessText })
  name!: string;

  @Column('text', { array: true })
  roles!: Role[];

  @Column('text', { array: true })
  scopes!: string[];

  /** Lower-case hex sha256 of the key: the key itself is nowhere. */
  @Column('text', { unique: true })
  sha256!: string;

  @Column('text')
  prefix!: string;

  @CreateDateColumn({ type: 'timestamptz', name: 'created_at' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'expires_at', nullable: true })
  expiresAt!: Date | null;

  @Column('timestamptz', { name: 'rotated_at', nullable: true })
  rotatedAt!: Date | null;

  @Column('timestamptz', { name: 'revoked_at', nullable: true })
  revokedAt!: Date | null;

  @Column('jsonb', { default: {} })
  limits!: KeyLimits;

  /** To the minute. */
  @Column('timestamptz', { name: 'last_used_at', nullable: true })
  lastUsedAt!: Date | null;

  /** What its browser tokens are verified by: Ed25519, base64url; `null` until the first is made. */
  @Column('text', { name: 'token_public_key', nullable: true })
  tokenPublicKey!: string | null;

  /** What its browser tokens are signed with. It signs nothing that outlives an hour, and leaves the database never. */
  @Column('text', { name: 'token_private_key', nullable: true })
  tokenPrivateKey!: string | null;
}
