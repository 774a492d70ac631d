import {
  Column,
  CreateDateColumn,
  Entity,
  Index,
  JoinColumn,
  ManyToOne,
  PrimaryColumn,
  Unique,
} from 'typeorm';
import { WebhookEntity } from './webhook.entity.js';

/** One attempt to deliver. */
export interface Attempt {
  /** ISO 8601. */
  readonly at: string;
  readonly status: number | null;
  readonly error: string | null;
  readonly durationMs: number;
}

@Entity({ schema: 'edge', name: 'webhook_deliveries' })
@Unique('webhook_deliveries_webhook_id_event_id_key', ['webhookId', 'eventId'])
@Index('webhook_deliveries_due', ['webhookId', 'state', 'nextAttemptAt'])
@Index('webhook_deliveries_created', ['createdAt'])
export class WebhookDeliveryEntity {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('text', { name: 'tenant_id', default: 'default' })
  tenantId!: string;

  @Column('uuid', { name: 'webhook_id' })
  webhookId!: string;

  @ManyToOne(() => WebhookEntity, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'webhook_id', foreignKeyConstraintName: 'webhook_deliveries_webhook_id_fkey' })
  webhook?: WebhookEntity;

  @Column('uuid', { name: 'event_id' })
  eventId!: string;

  @Column('text', { name: 'event_type' })
  eventType!: string;

  /** The very text that is sent and signed. */
  @Column('text')
  body!: string;

  @Column('text', { default: 'pending' })
  state!: 'pending' | 'delivered' | 'failed';

  @Column('int', { default: 0 })
  attempts!: number;

  @Column('timestamptz', { name: 'next_attempt_at', nullable: true })
  nextAttemptAt!: Date | null;

  @Column('jsonb', { default: [] })
  log!: Attempt[];

  @CreateDateColumn({ type: 'timestamptz', name: 'created_at' })
  createdAt!: Date;
}
