import type { BlobStore } from '@ganglion/persistence';
import type { NatsConnection } from '@nats-io/nats-core';
import type { Caller } from './caller.js';
import type { JobSlots } from './jobs/job-environment.js';
import type { PredictionLedger } from './ledger/prediction-ledger.js';
import type { Logger } from './logger.js';
import type { Metrics } from './metrics.js';

/** Who a service is, on NATS and in the OpenAPI document. */
export interface ServiceIdentity {
  /** kebab-case; the first part of its subjects and paths. */
  readonly name: string;
  /** Semantic version of the service. */
  readonly version: string;
  /** One sentence. */
  readonly summary: string;
}

/** What the kit gives one running service. */
export interface Kit {
  readonly identity: ServiceIdentity;
  readonly nats: NatsConnection;
  readonly blobs: BlobStore;
  readonly caller: Caller;
  readonly ledger: PredictionLedger;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Calls that this instance answers at the same time; more are refused. */
  readonly maxInFlight: number;
  /** How long a drain waits for the calls in flight. */
  readonly drainMs: number;
  readonly jobSlots: JobSlots;
}
