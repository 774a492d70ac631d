import { reachLedger, transaction } from '@ganglion/persistence';
import { Inject, Injectable } from '@nestjs/common';
import type { DataSource, EntityManager } from 'typeorm';
import { uuidv7 } from '@ganglion/contracts/uuidv7';
import { insertJob } from '../../jobs/jobs.repository.js';
import { nextTime } from '../../schedules/cron-times.js';
import { Bodies } from '../bodies.js';
import { ScheduleEntity } from '../schedule.entity.js';
import { SYSTEM_DATA_SOURCE } from './system-data-source.js';

const BATCH = 100;

/** Makes jobs of the schedules of all tenants. */
@Injectable()
export class DueSchedules {
  constructor(
    @Inject(SYSTEM_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly bodies: Bodies,
  ) {}

  /** Makes one job of each schedule whose time has come, and commits it with the schedule's next time. @returns how many. */
  fire(now = new Date()): Promise<number> {
    return reachLedger(
      transaction(this.dataSource, async (manager) => {
        const due = await manager
          .createQueryBuilder(ScheduleEntity, 'schedule')
          .where('schedule.next_at <= :now', { now })
          .orderBy('schedule.next_at')
          .limit(BATCH)
          .setLock('pessimistic_write')
          .setOnLocked('skip_locked')
          .getMany();
        for (const schedule of due) await this.makeJob(manager, schedule, now);
        return due.length;
      }),
    );
  }

  private async makeJob(manager: EntityManager, schedule: ScheduleEntity, now: Date): Promise<void> {
    const { tenantId, id, service, operation, policy, input, keyId, subject, cron, timeZone } = schedule;
    const jobId = uuidv7();
    await insertJob(manager, this.bodies, {
      tenantId,
      id: jobId,
      service,
      operation,
      class: policy.class,
      requestId: jobId,
      keyId,
      traceparent: null,
      subject,
      model: null,
      timeoutMs: policy.timeoutMs,
      retainDays: policy.retainDays,
      // The sweeper publishes it, a moment later.
      publishedTo: null,
      input: { data: input, ref: undefined },
      refused: null,
      leases: [],
    });
    const nextAt = nextTime(cron, timeZone, now) ?? null;
    await manager.update(ScheduleEntity, { id }, { nextAt, lastJobId: jobId });
  }
}
