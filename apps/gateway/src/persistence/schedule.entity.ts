import type { JobPolicy } from '@ganglion/contracts/capability';
import { Column, CreateDateColumn, Entity, Index, PrimaryColumn } from 'typeorm';

/** A call that becomes a job at each of its times. */
@Entity({ schema: 'edge', name: 'schedules' })
@Index('schedules_next_at', ['nextAt'])
export class ScheduleEntity {
  @Column('text', { name: 'tenant_id', default: 'default' })
  tenantId!: string;

  @PrimaryColumn('uuid')
  id!: string;

  @Column('text')
  name!: string;

  @Column('text')
  service!: string;

  @Column('text')
  operation!: string;

  /** How its jobs run; as the contract said when it was made. */
  @Column('jsonb')
  policy!: JobPolicy;

  /** MessagePack. */
  @Column('bytea')
  input!: Buffer;

  @Column('text')
  cron!: string;

  @Column('text', { name: 'time_zone' })
  timeZone!: string;

  /** In whose name its jobs run. */
  @Column('text', { name: 'key_id', nullable: true })
  keyId!: string | null;

  /** Whom the input is about, as the caller names them. */
  @Column('text', { nullable: true })
  subject!: string | null;

  /** Null once there is no next time. */
  @Column('timestamptz', { name: 'next_at', nullable: true })
  nextAt!: Date | null;

  @Column('uuid', { name: 'last_job_id', nullable: true })
  lastJobId!: string | null;

  @CreateDateColumn({ type: 'timestamptz', name: 'created_at' })
  createdAt!: Date;
}
