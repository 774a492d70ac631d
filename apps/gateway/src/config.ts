import { databaseEnvironment } from '@ganglion/persistence';
import { defineEnvironment, type Settings } from '@ganglion/service-kit/environment';
import { loggerEnvironment } from '@ganglion/service-kit/logger';
import { natsEnvironment } from '@ganglion/service-kit/nats-connection';
import { processEnvironment } from '@ganglion/service-kit/process-life';
import { authEnvironment } from './auth/auth-environment.js';
import { limitsEnvironment } from './limits/limits-environment.js';

export const environment = defineEnvironment({
  ...natsEnvironment,
  ...loggerEnvironment,
  ...processEnvironment,
  ...databaseEnvironment,
  ...authEnvironment,
  ...limitsEnvironment,
  host: {
    env: 'GANGLION_HOST',
    type: 'string',
    default: '127.0.0.1',
    doc: 'Address that the gateway listens on; in a cluster 0.0.0.0.',
  },
  port: {
    env: 'GANGLION_PORT',
    type: 'integer',
    min: 0,
    max: 65_535,
    default: 8080,
    doc: 'Port of the public HTTP API; 0 takes a free one.',
  },
  expect: {
    env: 'GANGLION_EXPECT',
    type: 'list',
    default: [],
    doc: 'Services that must be there before `GET /v1/services` says `ready`, comma-separated.',
  },
  corsOrigins: {
    env: 'GANGLION_CORS_ORIGINS',
    type: 'list',
    default: [],
    doc: 'Origins whose pages may call the API, comma-separated; `*` for all. None, unless told otherwise.',
  },
  maxJsonBytes: {
    env: 'GANGLION_MAX_JSON_BYTES',
    type: 'integer',
    min: 1_024,
    default: 32 * 1024 * 1024,
    doc: 'The most bytes of a JSON body, or of a multipart body’s JSON part. Media have the limit of their contract.',
  },
  requestTimeoutMs: {
    env: 'GANGLION_REQUEST_TIMEOUT_MS',
    type: 'integer',
    min: 1_000,
    default: 300_000,
    doc: 'How long a client may take to send one request, in milliseconds.',
  },
  discoveryIntervalMs: {
    env: 'GANGLION_DISCOVERY_INTERVAL_MS',
    type: 'integer',
    min: 100,
    default: 1_000,
    doc: 'How often the gateway asks which services are there, in milliseconds; what misses three times is dropped.',
  },
  retryAfterSilenceMs: {
    env: 'GANGLION_RETRY_AFTER_SILENCE_MS',
    type: 'integer',
    min: 1,
    default: 2_000,
    doc: 'After how much silence a call that may be retried goes to a second instance; at most a quarter of its deadline.',
  },
  jobLeaseMs: {
    env: 'GANGLION_JOB_LEASE_MS',
    type: 'integer',
    min: 500,
    default: 10_000,
    doc: 'After how much silence of its worker a job goes to another one, in milliseconds.',
  },
  blobMaxMb: {
    env: 'GANGLION_BLOB_MAX_MB',
    type: 'integer',
    min: 1,
    default: null,
    doc: 'Above how many MiB of large bodies new ones are refused (`storage_full`). Unless set, nine tenths of what the disk has for them.',
  },
  outboundAllow: {
    env: 'GANGLION_OUTBOUND_ALLOW',
    type: 'list',
    default: [],
    doc: 'Private ranges that webhooks may be sent to, such as `10.1.0.0/16`, comma-separated. None, unless told otherwise.',
  },
  webhookTimeoutMs: {
    env: 'GANGLION_WEBHOOK_TIMEOUT_MS',
    type: 'integer',
    min: 100,
    max: 30_000,
    default: 10_000,
    doc: 'How long an endpoint of a webhook has to answer, in milliseconds.',
  },
  webhookFirstRetryMs: {
    env: 'GANGLION_WEBHOOK_FIRST_RETRY_MS',
    type: 'integer',
    min: 1,
    default: 5_000,
    doc: 'How soon a failed delivery is tried again; then four times as late each time, half a day at most.',
  },
  drainNoticeMs: {
    env: 'GANGLION_DRAIN_NOTICE_MS',
    type: 'integer',
    min: 0,
    default: 0,
    doc: 'How long a stopping gateway still takes calls while `/readyz` says 503, so that a load balancer sees it first.',
  },
});

export type GatewaySettings = Settings<typeof environment>;
