import type { Schema } from '@ganglion/persistence';
import { HeldBlobEntity } from './held-blob.entity.js';
import { IdempotencyKeyEntity } from './idempotency-key.entity.js';
import { JobPartEntity } from './job-part.entity.js';
import { JobEntity } from './job.entity.js';
import { IdempotencyKeys1795611000000 } from './migrations/1795611000000-idempotency-keys.js';
import { Jobs1795611001000 } from './migrations/1795611001000-jobs.js';
import { Schedules1795611002000 } from './migrations/1795611002000-schedules.js';
import { Erasure1795613000000 } from './migrations/1795613000000-erasure.js';
import { ScheduleEntity } from './schedule.entity.js';
import { Events1795612000000 } from './migrations/1795612000000-events.js';
import { WebhookDeliveryEntity } from './webhook-delivery.entity.js';
import { WebhookEntity } from './webhook.entity.js';
import { ConcurrencyLeaseEntity } from './concurrency-lease.entity.js';
import { Limits1795610000000 } from './migrations/1795610000000-limits.js';
import { Usage1795620000000 } from './migrations/1795620000000-usage.js';
import { RateQuotaEntity } from './rate-quota.entity.js';
import { UsageEntity } from './usage.entity.js';
import { ContractEntity } from './contract.entity.js';
import { Contracts1795630000000 } from './migrations/1795630000000-contracts.js';

/** The gateway's tables. */
export const edgeSchema: Schema = {
  name: 'edge',
  entities: [
    ConcurrencyLeaseEntity,
    ContractEntity,
    HeldBlobEntity,
    IdempotencyKeyEntity,
    JobEntity,
    JobPartEntity,
    RateQuotaEntity,
    ScheduleEntity,
    UsageEntity,
    WebhookDeliveryEntity,
    WebhookEntity,
  ],
  migrations: [
    Limits1795610000000,
    IdempotencyKeys1795611000000,
    Jobs1795611001000,
    Schedules1795611002000,
    Events1795612000000,
    Erasure1795613000000,
    Usage1795620000000,
    Contracts1795630000000,
  ],
};
