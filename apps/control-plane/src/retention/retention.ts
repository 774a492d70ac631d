import type { OutputOf, ParsedInputOf } from '@ganglion/contracts/capability';
import type { getRetention, putRetention } from '@ganglion/contracts/services/control-plane/retention';
import { Injectable } from '@nestjs/common';
import type { RetentionEntity } from '../persistence/retention.entity.js';
import { RetentionRepository } from '../persistence/retention.repository.js';

/** How long a tenant keeps things, within what their contracts say. */
@Injectable()
export class Retention {
  constructor(private readonly repository: RetentionRepository) {}

  async get(tenant: string): Promise<OutputOf<typeof getRetention>> {
    return toRetention(await this.repository.find(tenant));
  }

  async put(
    tenantId: string,
    { predictionDays, jobDays }: ParsedInputOf<typeof putRetention>,
  ): Promise<OutputOf<typeof putRetention>> {
    const row: RetentionEntity = {
      tenantId,
      predictionDays: predictionDays ?? null,
      jobDays: jobDays ?? null,
      updatedAt: new Date(),
    };
    await this.repository.put(row);
    return toRetention(row);
  }
}

function toRetention(row: RetentionEntity | null): OutputOf<typeof getRetention> {
  if (row === null) return { updatedAt: null };
  const { predictionDays, jobDays, updatedAt } = row;
  return {
    ...(predictionDays !== null && { predictionDays }),
    ...(jobDays !== null && { jobDays }),
    updatedAt: updatedAt.toISOString(),
  };
}
