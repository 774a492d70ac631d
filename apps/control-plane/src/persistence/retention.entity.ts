import { Column, Entity, PrimaryColumn } from 'typeorm';

/** How long a tenant keeps things at most, in days; null where it is left to the contracts. */
@Entity({ schema: 'control', name: 'retention' })
export class RetentionEntity {
  @PrimaryColumn('text', { name: 'tenant_id', default: 'default' })
  tenantId!: string;

  @Column('int', { name: 'prediction_days', nullable: true })
  predictionDays!: number | null;

  @Column('int', { name: 'job_days', nullable: true })
  jobDays!: number | null;

  @Column('timestamptz', { name: 'updated_at' })
  updatedAt!: Date;
}
