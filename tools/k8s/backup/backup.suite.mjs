/**
 * The way back after a disaster, rehearsed: a ledger and streams with real rows are backed up, everything is destroyed, both
 * are restored on servers that are new, migrations run again, and what was there is there. `npm run k8s:backup`.
 */
import { execFile, spawn } from 'node:child_process';
import { chmod, chown, cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import pg from 'pg';
import { freePort } from '../../servers/ports.mjs';
import { startNats } from '../../servers/nats-server.mjs';
import { REPOSITORY } from '../../start/repository.mjs';
import { programPath } from '../programs.mjs';

const run = promisify(execFile);
const ROWS = 500;
/** PostgreSQL refuses to run as root. */
const NOBODY = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};

/** @type {string} */
let folder;
/** @type {string} */
let programs;
/** @type {(() => Promise<unknown>)[]} */
const stops = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ganglion-backup-'));
  await chmod(folder, 0o755);
  // Out of the user's own folder, which nobody else may enter.
  await cp(dirname(dirname(await programPath('postgres'))), join(folder, 'postgres'), { recursive: true });
  programs = join(folder, 'postgres', 'bin');
}, 120_000);

afterAll(async () => {
  for (const stop of stops.reverse()) await stop();
  await rm(folder, { recursive: true, force: true });
}, 60_000);

it('brings the ledger back, with tenants still apart', async () => {
  const before = await startServer('before');
  await migrate(before.url, 'first password');
  await fill(before.url);
  const rows = await countByTenant(before.url);
  expect(rows).toEqual([
    { tenant_id: 'default', count: String(ROWS) },
    { tenant_id: 'other', count: String(ROWS) },
  ]);
  await script('backup', before.url);
  await before.stop();
  await rm(join(folder, 'before'), { recursive: true });

  const after = await startServer('after');
  await script('restore', after.url);
  await migrate(after.url, 'second password');
  expect(await countByTenant(after.url)).toEqual(rows);
  expect(await seenBy('control_runtime', after.url, 'second password', 'other')).toBe(ROWS);
});

it('brings streams and their consumers back, where they stood', async () => {
  const before = await startNats({ folder: join(folder, 'nats-before'), token: 'x' });
  stops.push(() => before.stop());
  const nats = await connect({ servers: before.url, token: 'x' });
  const manager = await jetstreamManager(nats);
  await manager.streams.add({ name: 'GANGLION_PREDICTIONS', subjects: ['ganglion.$predictions'] });
  await manager.consumers.add('GANGLION_PREDICTIONS', {
    durable_name: 'control-plane',
    ack_policy: 'explicit',
  });
  for (let i = 0; i < ROWS; i++)
    await jetstream(nats).publish('ganglion.$predictions', `${i}`.padEnd(1_000, '.'));
  const consumer = await jetstream(nats).consumers.get('GANGLION_PREDICTIONS', 'control-plane');
  for (let i = 0; i < 10; i++) await (await consumer.next())?.ackAck();
  await streams('backup', before.url);
  await nats.close();
  await before.stop();

  const after = await startNats({ folder: join(folder, 'nats-after'), token: 'x' });
  stops.push(() => after.stop());
  await streams('restore', after.url);
  const again = await connect({ servers: after.url, token: 'x' });
  const next = await (await jetstream(again).consumers.get('GANGLION_PREDICTIONS', 'control-plane')).next();
  expect(next?.string()).toBe('10'.padEnd(1_000, '.'));
  const { state } = await (await jetstreamManager(again)).streams.info('GANGLION_PREDICTIONS');
  expect(state.messages).toBe(ROWS);
  await again.close();
});

async function startServer(/** @type {string} */ name) {
  const data = join(folder, name);
  const port = await freePort();
  const password = join(folder, `${name}.password`);
  await mkdir(data);
  await writeFile(password, 'secret');
  if (NOBODY.uid) await Promise.all([data, password].map((path) => chown(path, NOBODY.uid, NOBODY.gid)));
  const options = { ...NOBODY, cwd: '/', env: { LC_ALL: 'C' } };
  const access = ['--username=postgres', '--auth=scram-sha-256', `--pwfile=${password}`, '--no-sync'];
  await run(join(programs, 'initdb'), ['-D', data, ...access], options);
  const settings = [
    '-p',
    `${port}`,
    '-c',
    'listen_addresses=127.0.0.1',
    '-c',
    'unix_socket_directories=',
    '-c',
    'fsync=off',
  ];
  const server = spawn(join(programs, 'postgres'), ['-D', data, ...settings], {
    ...options,
    stdio: 'ignore',
  });
  const stop = async () => {
    if (server.exitCode !== null || server.signalCode !== null) return;
    server.kill('SIGINT');
    await new Promise((resolve) => server.once('exit', resolve));
  };
  stops.push(stop);
  const url = (/** @type {string} */ database) =>
    `postgresql://postgres:secret@127.0.0.1:${port}/${database}`;
  for (const since = Date.now(); ; await sleep(100)) {
    try {
      await query(url('postgres'), 'CREATE DATABASE ganglion');
      break;
    } catch (error) {
      if (Date.now() - since > 30_000) throw error;
    }
  }
  return { url: url('ganglion'), stop };
}

async function query(
  /** @type {string} */ url,
  /** @type {string} */ text,
  /** @type {unknown[]} */ values = [],
) {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query(text, values)).rows;
  } finally {
    await client.end();
  }
}

/** As the chart's Job does. */
async function migrate(/** @type {string} */ url, /** @type {string} */ password) {
  for (const app of ['gateway', 'control-plane']) {
    await run(process.execPath, [`apps/${app}/dist/migrate.js`], {
      cwd: REPOSITORY,
      env: { GANGLION_DATABASE_URL: url, GANGLION_DATABASE_ROLE_PASSWORD: password },
    }).catch((error) => {
      throw new Error(error.stdout);
    });
  }
}

/** Keys of two tenants; of every column that must be filled, something. */
async function fill(/** @type {string} */ url) {
  const columns = await query(
    url,
    `SELECT column_name AS name, data_type AS type FROM information_schema.columns
     WHERE table_schema = 'control' AND table_name = 'api_keys' AND is_nullable = 'NO'
       AND (column_default IS NULL OR column_name = 'tenant_id')`,
  );
  const values = columns.map(({ name, type }) => valueFor(name, type));
  const names = columns.map(({ name }) => `"${name}"`).join(', ');
  for (const tenant of ['default', 'other']) {
    await query(
      url,
      `INSERT INTO control.api_keys (${names}) SELECT ${values.join(', ')} FROM generate_series(1, ${ROWS}) AS n`.replaceAll(
        '$tenant',
        tenant,
      ),
    );
  }
}

function valueFor(/** @type {string} */ name, /** @type {string} */ type) {
  if (name === 'tenant_id') return `'$tenant'`;
  if (type === 'uuid') return 'gen_random_uuid()';
  if (type === 'bytea') return `sha256(('$tenant' || n)::bytea)`;
  if (type.startsWith('timestamp')) return 'now()';
  if (type === 'ARRAY') return `ARRAY['*']`;
  if (type === 'jsonb') return `'[]'::jsonb`;
  if (type === 'boolean') return 'false';
  if (/int|numeric/.test(type)) return 'n';
  return `encode(sha256(('$tenant' || '${name}' || n)::bytea), 'hex')`;
}

const countByTenant = (/** @type {string} */ url) =>
  query(url, 'SELECT tenant_id, count(*) FROM control.api_keys GROUP BY tenant_id ORDER BY tenant_id');

/** What a run-time role sees, in the name of a tenant. */
async function seenBy(
  /** @type {string} */ role,
  /** @type {string} */ url,
  /** @type {string} */ password,
  /** @type {string} */ tenant,
) {
  const as = new URL(url);
  as.username = role;
  as.password = encodeURIComponent(password);
  const client = new pg.Client({ connectionString: as.href });
  await client.connect();
  await client.query(`BEGIN; SET LOCAL ganglion.tenant = '${tenant}'`);
  const { rows } = await client.query('SELECT count(*)::int AS count FROM control.api_keys');
  await client.end();
  return rows[0].count;
}

function script(/** @type {string} */ verb, /** @type {string} */ url) {
  const env = { PATH: `${programs}:${process.env.PATH}`, GANGLION_DATABASE_URL: url };
  return run(join(REPOSITORY, 'infra/backup/postgres.sh'), [verb, join(folder, 'backup')], { env });
}

function streams(/** @type {string} */ verb, /** @type {string} */ url) {
  const args = ['infra/backup/jetstream.mjs', verb, join(folder, 'streams')];
  return run(process.execPath, args, {
    cwd: REPOSITORY,
    env: { ...process.env, GANGLION_NATS_URL: url, GANGLION_NATS_TOKEN: 'x' },
  });
}
