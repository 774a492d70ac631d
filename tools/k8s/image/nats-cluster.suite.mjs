/** The chart's three NATS servers with TLS, for real but on one machine: `npm run k8s:image`. */
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { natsServerBinary } from '../../servers/nats-binary.mjs';
import { freePort } from '../../servers/ports.mjs';
import { find, render } from '../chart.mjs';
import { makeCertificates } from './certificates.mjs';

/** @typedef {{ client: number, cluster: number, monitor: number }} Ports */

/** @type {string} */
let folder;
/** @type {Ports[]} */
let ports;
/** @type {import('node:child_process').ChildProcess[]} */
const servers = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ganglion-nats-'));
  await makeCertificates(join(folder, 'tls'));
  ports = await Promise.all(
    [0, 1, 2].map(async () => ({
      client: await freePort(),
      cluster: await freePort(),
      monitor: await freePort(),
    })),
  );
  const text = find(await render(), 'ConfigMap', 'nats').data['nats.conf'];
  for (const i of [0, 1, 2]) {
    const file = join(folder, `${i}.conf`);
    await writeFile(file, configurationOf(text, i));
    const env = { NATS_TOKEN: 'token', POD_NAME: `nats-${i}` };
    servers.push(spawn(await natsServerBinary(), ['--config', file], { env, stdio: 'ignore' }));
  }
  await Promise.all(ports.map(({ monitor }) => waitUntilHealthy(monitor)));
}, 120_000);

afterAll(async () => {
  await Promise.all(servers.map(end));
  await rm(folder, { recursive: true, force: true });
});

it('agree, hide their addresses, and lose nothing with one of them', async () => {
  const nats = await connect({
    servers: ports.map(({ client }) => `localhost:${client}`),
    token: 'token',
    tls: { ca: await readFile(join(folder, 'tls', 'ca.crt'), 'utf8') },
    maxReconnectAttempts: -1,
  });
  expect(nats.info).toMatchObject({ cluster: 'test-ganglion-nats', tls_required: true });
  // By an address no certificate would hold; a pod's is not in it.
  expect(nats.info?.connect_urls).toBeUndefined();
  const manager = await jetstreamManager(nats);
  await manager.streams.add({ name: 'S', subjects: ['s'], num_replicas: 3 });
  await jetstream(nats).publish('s', 'before');
  await end(/** @type {any} */ (servers[Number(nats.info?.server_name.at(-1))]));
  await eventually(() => jetstream(nats).publish('s', 'after', { msgID: 'after' }));
  expect((await manager.streams.info('S')).state.messages).toBe(2);
  await nats.close();
});

/** Its paths, ports and the names of its peers, as they are on this machine. */
function configurationOf(/** @type {string} */ text, /** @type {number} */ i) {
  const { client, cluster, monitor } = /** @type {Ports} */ (ports[i]);
  return text
    .replaceAll('/etc/nats-tls', join(folder, 'tls'))
    .replace('/data', join(folder, `data-${i}`))
    .replace('/tmp/nats.pid', join(folder, `${i}.pid`))
    .replace('port: 4222', `port: ${client}\nhost: 127.0.0.1`)
    .replace('http_port: 8222', `http: 127.0.0.1:${monitor}`)
    .replace('port: 6222', `listen: 127.0.0.1:${cluster}`)
    .replaceAll(
      /nats:\/\/test-ganglion-nats-(\d)\S+:6222/g,
      (_, n) => `nats://localhost:${ports[n]?.cluster}`,
    );
}

const waitUntilHealthy = (/** @type {number} */ port) =>
  eventually(async () => {
    const { status } = await fetch(`http://127.0.0.1:${port}/healthz?js-server-only=true`);
    expect(status).toBe(200);
  });

async function end(/** @type {import('node:child_process').ChildProcess} */ server) {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const gone = new Promise((resolve) => server.once('exit', resolve));
  server.kill('SIGTERM');
  await gone;
}

async function eventually(/** @type {() => Promise<unknown>} */ check) {
  for (const since = Date.now(); ; await sleep(250)) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() - since > 60_000) throw error;
    }
  }
}
