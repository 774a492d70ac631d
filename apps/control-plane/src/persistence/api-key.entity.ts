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

  @Column('timestamptz', { name: 'revoked_at', nullable: true })
  revokedAt!: Date | null;

  /** To the minute. */
  @Column('timestamptz', { name: 'last_used_at', nullable: true })
  lastUsedAt!: Date | null;
}
