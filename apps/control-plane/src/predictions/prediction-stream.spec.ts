import { PREDICTIONS_STREAM } from '@ganglion/contracts/wire';
import { startServers, type TestServers } from '@ganglion/testing';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { AckPolicy, jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/nats-core';
import { connect } from '@nats-io/transport-node';
import { ensurePredictionsConsumer, ensurePredictionsStream } from './prediction-stream.js';

let servers: TestServers;
let nats: NatsConnection;
let manager: JetStreamManager;

beforeAll(async () => {
  servers = await startServers();
  nats = await connect({ servers: servers.nats.url, token: servers.nats.token });
  manager = await jetstreamManager(nats);
});

afterAll(async () => {
  await nats.close();
  await servers.stop();
});

it('gives a consumer of an earlier release the settings of this one', async () => {
  await ensurePredictionsStream(manager);
  await manager.consumers.add(PREDICTIONS_STREAM.name, {
    durable_name: 'control-plane',
    ack_policy: AckPolicy.Explicit,
    max_ack_pending: 7,
  });
  const consumer = await ensurePredictionsConsumer(manager);
  expect((await consumer.info()).config.max_ack_pending).toBeGreaterThan(7);
  await ensurePredictionsConsumer(manager);
});
