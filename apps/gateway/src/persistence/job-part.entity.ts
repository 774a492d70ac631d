import { Column, Entity, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { JobEntity } from './job.entity.js';

/** A part of a job's result, from before its end. Parts are only added. */
@Entity({ schema: 'edge', name: 'job_parts' })
export class JobPartEntity {
  @Column('text', { name: 'tenant_id', default: 'default' })
  tenantId!: string;

  @PrimaryColumn('uuid', { name: 'job_id' })
  jobId!: string;

  @ManyToOne(() => JobEntity, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'job_id', foreignKeyConstraintName: 'job_parts_job_id_fkey' })
  job?: JobEntity;

  @PrimaryColumn('int')
  index!: number;

  /** MessagePack. */
  @Column('bytea')
  value!: Buffer;
}
