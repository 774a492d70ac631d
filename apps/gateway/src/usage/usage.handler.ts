import type { OutputOf, ParsedInputOf } from '@ganglion/contracts/capability';
import { ServiceError } from '@ganglion/contracts/errors';
import { exportUsage, listUsage, MAX_USAGE_ROWS, type UsageRow } from '@ganglion/contracts/usage';
import type { CallContext } from '@ganglion/service-kit/call-context';
import { Handles } from '@ganglion/service-kit/handles';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import type { UsageEntity } from '../persistence/usage.entity.js';
import { UsageRepository } from '../persistence/usage.repository.js';
import { toCsv } from './to-csv.js';

const DAY_MS = 86_400_000;

@Controller()
export class UsageHandler {
  constructor(private readonly usage: UsageRepository) {}

  @Handles(listUsage)
  async list(
    @Payload() input: ParsedInputOf<typeof listUsage>,
    @Ctx() { tenant }: CallContext,
  ): Promise<OutputOf<typeof listUsage>> {
    const { keyId, operation } = input;
    const to = input.to === undefined ? new Date() : new Date(input.to);
    const from = input.from === undefined ? new Date(to.getTime() - DAY_MS) : new Date(input.from);
    if (from >= to) {
      const detail = '`from` must be before `to`.';
      throw new ServiceError('invalid_input', detail, { errors: [{ pointer: '/from', detail }] });
    }
    // One more than is told shows whether there are more.
    const rows = await this.usage.find(tenant, { from, to, keyId, operation }, MAX_USAGE_ROWS + 1);
    return { data: rows.slice(0, MAX_USAGE_ROWS).map(toRow), hasMore: rows.length > MAX_USAGE_ROWS };
  }

  @Handles(exportUsage)
  async export(
    @Payload() input: ParsedInputOf<typeof exportUsage>,
    @Ctx() context: CallContext,
  ): Promise<OutputOf<typeof exportUsage>> {
    const { data, hasMore } = await this.list(input, context);
    return { csv: toCsv(data), hasMore };
  }
}

function toRow({ hour, keyId, operation, calls, errors, items, bytesIn, bytesOut }: UsageEntity): UsageRow {
  return {
    hour: hour.toISOString(),
    keyId,
    operation,
    calls: Number(calls),
    errors: Number(errors),
    items: Number(items),
    bytesIn: Number(bytesIn),
    bytesOut: Number(bytesOut),
  };
}
