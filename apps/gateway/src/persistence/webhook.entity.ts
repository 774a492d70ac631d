import { Column, CreateDateColumn, Entity, Index, PrimaryColumn } from 'typeorm';

@Entity({ schema: 'edge', name: 'webhooks' })
@Index('webhooks_tenant', ['tenantId', 'id'])
export class WebhookEntity {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('text', { name: 'tenant_id', default: 'default' })
  tenantId!: string;

  @Column('text')
  url!: string;

  @Column('text', { array: true })
  events!: string[];

  /** As JSON, which keeps any text as it was given. */
  @Column('json')
  description!: string;

  /** `whsec_…`: it signs, so that it must be kept itself. */
  @Column('text')
  secret!: string;

  @Column('text', { name: 'previous_secret', nullable: true })
  previousSecret!: string | null;

  @Column('timestamptz', { name: 'previous_secret_until', nullable: true })
  previousSecretUntil!: Date | null;

  /** Null while it is enabled. */
  @Column('text', { name: 'disabled_reason', nullable: true })
  disabledReason!: string | null;

  @Column('timestamptz', { name: 'failing_since', nullable: true })
  failingSince!: Date | null;

  @CreateDateColumn({ type: 'timestamptz', name: 'created_at' })
  createdAt!: Date;
}
