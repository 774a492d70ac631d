import type { OutputOf, ParsedInputOf } from '@ganglion/contracts/capability';
import type { createSchedule, deleteSchedule, listSchedules } from '@ganglion/contracts/edge/schedules';
import { ServiceError } from '@ganglion/contracts/errors';
import { reachLedger, tenantTransaction } from '@ganglion/persistence';
import { encode } from '@ganglion/service-kit/codec';
import type { CallContext } from '@ganglion/service-kit/call-context';
import { Injectable } from '@nestjs/common';
import { DataSource, LessThan, type EntityManager } from 'typeorm';
import { uuidv7 } from '@ganglion/contracts/uuidv7';
import { ScheduleEntity } from '../persistence/schedule.entity.js';
import { checkInput } from '../request/check-input.js';
import { OperationRoutes } from '../routes/operation-routes.js';
import { nextTime, wrong } from './cron-times.js';

type Schedule = OutputOf<typeof deleteSchedule>;

const MAX_INPUT_BYTES = 64 * 1024;
const MAX_SCHEDULES = 1_000;

/** The schedules of a tenant. */
@Injectable()
export class Schedules {
  constructor(
    private readonly dataSource: DataSource,
    private readonly routes: OperationRoutes,
  ) {}

  /**
   * @throws ServiceError `unknown_operation`, `unknown_option` when the operation cannot run as a job, `invalid_input`,
   *   `payload_too_large`, `conflict` when there are too many.
   */
  async create(
    asked: ParsedInputOf<typeof createSchedule>,
    { tenant, keyId, subject }: Pick<CallContext, 'tenant' | 'keyId' | 'subject'>,
  ): Promise<Schedule> {
    const found = this.routes.operations.find(({ name }) => name === asked.operation);
    if (found === undefined) {
      throw new ServiceError('unknown_operation', `There is no operation "${asked.operation}".`);
    }
    const { service, capability } = found;
    if (!capability.job) {
      throw new ServiceError(
        'unknown_option',
        `"${asked.operation}" cannot run as a job, and so by no schedule.`,
      );
    }
    const { name, cron, timeZone } = asked;
    const nextAt = nextTime(cron, timeZone, new Date());
    if (nextAt === undefined) throw wrong('/cron', 'has no time to come');
    const row = Object.assign(new ScheduleEntity(), {
      ...{ tenantId: tenant, id: uuidv7(), name, service, operation: capability.operation },
      ...{ policy: capability.job, input: toStoredInput(asked.input, found.input) },
      ...{
        cron,
        timeZone,
        keyId: keyId ?? null,
        subject: subject ?? null,
        nextAt,
        lastJobId: null,
        createdAt: new Date(),
      },
    });
    await this.inTenant(tenant, async (manager) => {
      if ((await manager.countBy(ScheduleEntity, { tenantId: tenant })) >= MAX_SCHEDULES) {
        throw new ServiceError('conflict', `There are ${MAX_SCHEDULES} schedules already: delete one first.`);
      }
      await manager.insert(ScheduleEntity, row);
    });
    return toSchedule(row);
  }

  async list(
    tenantId: string,
    { limit, after }: ParsedInputOf<typeof listSchedules>,
  ): Promise<OutputOf<typeof listSchedules>> {
    const where = { tenantId, ...(after !== undefined && { id: LessThan(after) }) };
    const found = await this.inTenant(tenantId, (manager) =>
      manager.find(ScheduleEntity, { where, order: { id: 'DESC' }, take: limit + 1 }),
    );
    return { data: found.slice(0, limit).map(toSchedule), hasMore: found.length > limit };
  }

  /** @throws ServiceError `not_found` */
  async delete(tenantId: string, id: string): Promise<Schedule> {
    const found = await this.inTenant(tenantId, async (manager) => {
      const row = await manager.findOneBy(ScheduleEntity, { tenantId, id });
      await manager.delete(ScheduleEntity, { tenantId, id });
      return row;
    });
    if (found === null) throw new ServiceError('not_found', `There is no schedule ${id}.`);
    return toSchedule(found);
  }

  private inTenant<T>(tenantId: string, work: (manager: EntityManager) => Promise<T>): Promise<T> {
    return reachLedger(tenantTransaction(this.dataSource, tenantId, work));
  }
}

/** Checked as the input of a call would be: what cannot run is refused now, not at night. */
function toStoredInput(input: unknown, contract: Parameters<typeof checkInput>[1]): Buffer {
  let checked: ReturnType<typeof checkInput>;
  try {
    checked = checkInput(input ?? {}, { ...contract, maxItems: null }, 0);
  } catch (error) {
    throw below('/input', error);
  }
  const bytes = encode(checked.kind === 'one' ? checked.value : null);
  if (bytes.byteLength > MAX_INPUT_BYTES) {
    throw new ServiceError(
      'payload_too_large',
      `The input of a schedule has at most ${MAX_INPUT_BYTES} bytes.`,
    );
  }
  return Buffer.from(bytes);
}

function below(pointer: string, error: unknown): unknown {
  if (!(error instanceof ServiceError)) return error;
  const errors = error.errors?.map((field) => ({ ...field, pointer: pointer + field.pointer }));
  return new ServiceError({ code: error.code, ...error.spec }, `${pointer}${error.message}`, { errors });
}

function toSchedule(row: ScheduleEntity): Schedule {
  const { id, name, service, operation, cron, timeZone, nextAt, lastJobId, createdAt } = row;
  return {
    id,
    name,
    operation: `${service}.${operation}`,
    cron,
    timeZone,
    nextAt: nextAt?.toISOString() ?? null,
    lastJobId,
    createdAt: createdAt.toISOString(),
  };
}
