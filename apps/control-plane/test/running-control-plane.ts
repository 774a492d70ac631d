import type { Capability, InputOf, OutputOf } from '@ganglion/contracts/capability';
import type { PredictionRecord } from '@ganglion/contracts/prediction-record';
import { databaseEnvironment, migrate, type DatabaseSettings } from '@ganglion/persistence';
import { Caller, type CallOrigin } from '@ganglion/service-kit/caller';
import { readEnvironment } from '@ganglion/service-kit/environment';
import type { Kit } from '@ganglion/service-kit/kit';
import { startService } from '@ganglion/service-kit/start-service';
import type { TestServers } from '@ganglion/testing';
import { uuidv7 } from '@ganglion/contracts/uuidv7';
import { AppModule } from '../src/app.module.js';
import { controlSchema } from '../src/persistence/control-schema.js';

/** The control plane in the test's own process, on real NATS and PostgreSQL. */
export interface RunningControlPlane {
  readonly kit: Kit;
  call<C extends Capability>(capability: C, input: InputOf<C>, origin?: CallOrigin): Promise<OutputOf<C>>;
  /** Value of a metric without labels but the service's. */
  metric(name: string): Promise<number>;
  stop(): Promise<void>;
}

/** @param settings Environment variables beside those of the servers. */
export async function startControlPlane(
  servers: TestServers,
  settings: Readonly<Record<string, string>> = {},
): Promise<RunningControlPlane> {
  await migrate(controlSchema, databaseSettings(servers));
  // The module reads its own settings from the process, as every service does.
  Object.assign(process.env, servers.environment, settings);
  const definition = {
    name: 'control-plane',
    version: '0.0.0',
    summary: 'Under test.',
    module: AppModule,
  };
  const service = await startService(definition, {
    ...process.env,
    GANGLION_LOG_LEVEL: 'silent',
    GANGLION_ADMIN_PORT: '0',
  });
  const { nats, blobs, metrics } = service.kit;
  const caller = new Caller(nats, blobs);
  return {
    kit: service.kit,
    call: (capability, input, origin) => caller.call(capability, input, origin),
    metric: async (name) => {
      const found = await metrics.registry.getSingleMetric(name)?.get();
      return found?.values.reduce((sum, { value }) => sum + value, 0) ?? Number.NaN;
    },
    stop: () => service.stop(),
  };
}

export function databaseSettings(servers: TestServers): DatabaseSettings {
  return readEnvironment(databaseEnvironment, servers.environment);
}

/** A record of a prediction that was just made. */
export function newRecord(fields: Partial<PredictionRecord> = {}): PredictionRecord {
  return {
    id: uuidv7(),
    requestId: 'request-1',
    service: 'nlp',
    operation: 'sentiment',
    model: { id: 'nlp/sentiment', version: '1.0.0' },
    inputSha256: 'ab'.repeat(32),
    output: { label: 'positive', probabilities: { positive: 0.75, negative: 0.25 } },
    explanation: { tokens: ['good', 'day'], weights: [0.5, 0.25] },
    confidence: 0.75,
    warnings: ['The text was cut at 256 tokens.'],
    keyId: '019aa000-0000-7000-8000-000000000000',
    retainDays: 30,
    createdAt: new Date().toISOString(),
    ...fields,
  };
}

/** Asks again until it answers. @throws what it threw last, after ten seconds. */
export async function eventually<Result>(ask: () => Promise<Result>, withinMs = 10_000): Promise<Result> {
  for (const since = performance.now(); ;) {
    try {
      return await ask();
    } catch (error) {
      if (performance.now() - since > withinMs) throw error;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }
}
