import { NATS } from '@ganglion/service-kit/tokens';
import type { NatsConnection } from '@nats-io/nats-core';
import { Module, type DynamicModule } from '@nestjs/common';
import { Acts } from './audit/acts.js';
import { AuditLog } from './audit/audit-log.js';
import { RefusedLogins } from './audit/refused-logins.js';
import { AccessGuard } from './auth/access-guard.js';
import { ApiKeys } from './auth/api-keys.js';
import { Authenticator } from './auth/authenticator.js';
import { BrowserTokens } from './auth/browser-tokens.js';
import { OidcTokens } from './auth/oidc/oidc-tokens.js';
import { BlobRoom } from './blobs/blob-room.js';
import { IntakeBlobs } from './blobs/intake-blobs.js';
import { CheckedCalls } from './call/checked-calls.js';
import { NatsLink } from './call/nats-link.js';
import { OperationCalls } from './call/operation-calls.js';
import type { GatewaySettings } from './config.js';
import { EdgeErasure } from './erasure/edge-erasure.js';
import { ErasureHandler } from './erasure/erasure.handler.js';
import { ContractMemory } from './discovery/contract-memory.js';
import { ServiceRegistry } from './discovery/service-registry.js';
import { OperationHandler } from './http/operation.handler.js';
import { CallAnswers } from './http/call-answers.js';
import { IdempotencyKeys } from './idempotency/idempotency-keys.repository.js';
import { KeyedCalls } from './idempotency/keyed-calls.js';
import { JobCalls } from './jobs/job-calls.js';
import { JobCare } from './jobs/job-care.js';
import { JobChanges } from './jobs/job-changes.js';
import { JobEventStream } from './jobs/job-event-stream.js';
import { JobPublisher } from './jobs/job-publisher.js';
import { JobRetention } from './jobs/job-retention.js';
import { JobRuns } from './jobs/job-runs.js';
import { JobRunsHandler } from './jobs/job-runs.handler.js';
import { JobRunRepository } from './jobs/job-runs.repository.js';
import { JobSubmissions } from './jobs/job-submissions.js';
import { JobSweeper } from './jobs/job-sweeper.js';
import { Republisher } from './jobs/republisher.js';
import { Jobs } from './jobs/jobs.js';
import { JobsHandler } from './jobs/jobs.handler.js';
import { JobRepository } from './jobs/jobs.repository.js';
import { Limits } from './limits/limits.js';
import { PersistenceModule } from './persistence/persistence.module.js';
import { Bodies } from './persistence/bodies.js';
import { DueSchedules } from './persistence/system/due-schedules.js';
import { JobQueue } from './persistence/system/job-queue.js';
import { Purge } from './persistence/system/purge.js';
import { InputReader } from './request/input-reader.js';
import { OperationRoutes } from './routes/operation-routes.js';
import { ScheduleRights } from './schedules/schedule-rights.js';
import { Schedules } from './schedules/schedules.js';
import { SchedulesHandler } from './schedules/schedules.handler.js';
import { Readiness } from './status/readiness.js';
import { WebhooksModule } from './webhooks/webhooks.module.js';
import { StatusRoutes } from './status/status-routes.js';
import { UsageHandler } from './usage/usage.handler.js';
import { UsageMeter } from './usage/usage-meter.js';
import { SettingsModule } from './settings.module.js';

/** Calls that outlive their request. */
const JOBS = [
  JobRepository,
  JobRunRepository,
  JobPublisher,
  JobChanges,
  JobCare,
  JobRetention,
  Republisher,
  JobSweeper,
  JobSubmissions,
  Jobs,
  JobRuns,
  JobCalls,
  JobEventStream,
];

@Module({})
export class GatewayModule {
  /** Within a service module of the kit, which gives the rest. */
  static with(settings: GatewaySettings): DynamicModule {
    return {
      module: GatewayModule,
      imports: [SettingsModule.of(settings), PersistenceModule, WebhooksModule],
      controllers: [ErasureHandler, JobRunsHandler, JobsHandler, SchedulesHandler, UsageHandler],
      providers: [
        {
          provide: OperationCalls,
          inject: [NATS, IntakeBlobs, NatsLink, ServiceRegistry],
          useFactory: (
            nats: NatsConnection,
            blobs: IntakeBlobs,
            link: NatsLink,
            registry: ServiceRegistry,
          ) => {
            const { retryAfterSilenceMs, maxInFlight } = settings;
            return new OperationCalls({ nats, blobs, link, registry, retryAfterSilenceMs, maxInFlight });
          },
        },
        BlobRoom,
        IntakeBlobs,
        NatsLink,
        ServiceRegistry,
        ContractMemory,
        OperationRoutes,
        Acts,
        AuditLog,
        RefusedLogins,
        ApiKeys,
        BrowserTokens,
        OidcTokens,
        Authenticator,
        AccessGuard,
        Limits,
        UsageMeter,
        InputReader,
        OperationHandler,
        Readiness,
        StatusRoutes,
        Bodies,
        JobQueue,
        Purge,
        IdempotencyKeys,
        KeyedCalls,
        CheckedCalls,
        CallAnswers,
        ...JOBS,
        EdgeErasure,
        Schedules,
        ScheduleRights,
        DueSchedules,
      ],
    };
  }
}
