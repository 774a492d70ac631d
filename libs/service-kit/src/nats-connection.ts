import { setTimeout as sleep } from 'node:timers/promises';
import type { NatsConnection } from '@nats-io/nats-core';
import { connect } from '@nats-io/transport-node';
import { defineEnvironment, type Settings } from './environment.js';
import type { Logger } from './logger.js';

export const natsEnvironment = defineEnvironment({
  natsUrl: {
    env: 'GANGLION_NATS_URL',
    type: 'list',
    default: ['nats://127.0.0.1:4222'],
    doc: 'NATS servers, comma-separated.',
  },
  natsToken: {
    env: 'GANGLION_NATS_TOKEN',
    type: 'secret',
    default: null,
    doc: 'Token for NATS; without one, any local process can speak for any tenant.',
  },
});

/** Short pings: a frozen or unplugged server is left within three seconds. */
const PING_INTERVAL_MS = 1_000;
const MAX_PINGS_OUT = 2;
const RECONNECT_WAIT_MS = 250;

/** Connects to NATS and stays connected: reconnects for ever, and says so in the log. */
export async function connectToNats(
  settings: Settings<typeof natsEnvironment>,
  name: string,
  logger: Logger,
): Promise<NatsConnection> {
  const connection = await connect({
    servers: [...settings.natsUrl],
    name,
    ...(settings.natsToken !== null && { token: settings.natsToken }),
    pingInterval: PING_INTERVAL_MS,
    maxPingOut: MAX_PINGS_OUT,
    maxReconnectAttempts: -1,
    reconnectTimeWait: RECONNECT_WAIT_MS,
    waitOnFirstConnect: true,
    // A stack kept for each request would cost 3 % of the gateway's time.
    noAsyncTraces: true,
  });
  void logStatus(connection, logger);
  return connection;
}

async function logStatus(connection: NatsConnection, logger: Logger): Promise<void> {
  for await (const status of connection.status()) {
    if (status.type === 'disconnect' || status.type === 'reconnect' || status.type === 'error') {
      logger.warn({ status: status.type }, 'NATS connection');
    }
  }
}

/** What is still to be sent has this long; a server that is away will not take it later either. */
const LEAVE_WITHIN_MS = 2_000;

/** Sends what is still to be sent, and closes the connection, whatever state it is in. */
export async function leaveNats(connection: NatsConnection): Promise<void> {
  if (connection.isClosed()) return;
  const patience = sleep(LEAVE_WITHIN_MS, undefined, { ref: false });
  await Promise.race([connection.drain(), patience]).catch(() => undefined);
  await connection.close();
}
