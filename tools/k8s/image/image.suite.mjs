/**
 * What the images hold, run for real: the pruned bundles of gateway, control plane and one service, with the environment that
 * the chart gives them, on PostgreSQL and on NATS with the chart's configuration and TLS. `npm run k8s:image`.
 */
import { execFile, spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { cacheFolder } from '../../servers/cache-folder.mjs';
import { natsServerBinary } from '../../servers/nats-binary.mjs';
import { freePort } from '../../servers/ports.mjs';
import { startPostgres } from '../../servers/postgres-server.mjs';
import { REPOSITORY } from '../../start/repository.mjs';
import { environmentOf, find, render } from '../chart.mjs';
import { makeCertificates } from './certificates.mjs';

const run = promisify(execFile);
const APPS = ['gateway', 'control-plane', 'nlp'];
/** Uncompressed, without the base image and models. */
const MOST_MB = 350;
const SECRETS = {
  'ganglion-database/role-password': 'role password',
  'ganglion-nats/token': 'a-token',
  'ganglion-bootstrap-key/key': `gk_live_${Buffer.alloc(32, 7).toString('base64url')}`,
};

/** @type {string} */
let folder;
/** @type {import('../chart.mjs').Resource[]} */
let resources;
/** @type {import('../../servers/postgres-server.mjs').PostgresServer} */
let postgres;
/** @type {import('node:child_process').ChildProcess[]} */
const children = [];
/** @type {{ nats: number, http: number }} */
let ports;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ganglion-image-'));
  await chmod(folder, 0o755);
  ports = { nats: await freePort(), http: await freePort() };
  const others = ['forecasting', 'fraud-detection', 'image-recognition', 'medical-imaging', 'speech-to-text'];
  const off = others.map((name) => `services.${name}.enabled=false`).join(',');
  resources = await render(['--set', `nats.replicas=1,${off}`]);
  for (const app of APPS) {
    const bundle = [join(REPOSITORY, 'infra/image/bundle.mjs'), '--app', app, '--to', join(folder, app)];
    await run(process.execPath, bundle, { cwd: REPOSITORY });
  }
  postgres = await startPostgres({ folder: join(folder, 'postgres'), durable: false });
  await startNatsOfChart();
}, 900_000);

afterAll(async () => {
  for (const child of children.reverse()) {
    child.kill('SIGTERM');
    if (child.exitCode === null && child.signalCode === null)
      await new Promise((resolve) => child.once('exit', resolve));
  }
  await postgres?.stop();
  await rm(folder, { recursive: true, force: true });
}, 120_000);

it('stays below the size', async () => {
  for (const app of APPS) {
    const { stdout } = await run('du', ['-sm', join(folder, app)]);
    console.log(`${app}: ${stdout.split('\t')[0]} MB`);
    expect(Number.parseInt(stdout, 10)).toBeLessThan(MOST_MB);
  }
}, 60_000);

it('holds no dependency of development, no map and no ONNX Runtime of another system', async () => {
  const { stdout } = await run('find', [join(folder, 'nlp'), '-type', 'f'], { maxBuffer: 64 * 1024 * 1024 });
  expect(stdout).not.toMatch(/node_modules\/(jest|typescript|nx|eslint)\/|\.map$|win32|darwin/m);
  expect(stdout).toMatch(/libonnxruntime/);
});

it('waits for the database, migrates it, and waits until it was', async () => {
  const script = 'infra/image/wait-for-database.mjs';
  const early = runIn('control-plane', [script, '--migrated', 'apps/control-plane', '--seconds=2']);
  await expect(early).rejects.toMatchObject({
    stdout: expect.stringMatching('Waiting: the schema control is not made yet'),
  });
  for (const app of ['gateway', 'control-plane']) {
    const [container] = find(resources, 'Job', `migrate-${app}-1`).spec.template.spec.containers;
    await runIn(app, container.command.slice(1), container);
    const pod = find(resources, 'Deployment', app).spec.template.spec;
    const { stdout } = await runIn(app, pod.initContainers[0].command.slice(1), pod.initContainers[0]);
    expect(stdout).toMatch(/The schema \w+ is up to date/);
  }
});

it('serves by the environment of the chart, and answers what helm test asks', async () => {
  for (const app of APPS) start(app);
  const script = find(resources, 'ConfigMap', 'test').data['answers.mjs'];
  await writeFile(join(folder, 'answers.mjs'), script);
  const { stdout } = await run(
    process.execPath,
    [join(folder, 'answers.mjs'), `http://127.0.0.1:${ports.http}`, '--seconds=120'],
    { env: { GANGLION_API_KEY: SECRETS['ganglion-bootstrap-key/key'] } },
  );
  expect(stdout).toMatch(/control-plane ready, .*nlp ready\n/);
  expect(stdout).toMatch(/ok {2}200 \/v1\/nlp\/sentiment/);
}, 180_000);

/** The environment that the chart gives a container, with what a cluster would put in its place. */
function environmentFor(/** @type {string} */ app, /** @type {any} */ container) {
  const secrets = { ...SECRETS, 'ganglion-database/url': postgres.url };
  const given = Object.entries(environmentOf(container)).map(([name, value]) => [
    name,
    /** @type {Record<string, string>} */ (secrets)[value] ?? value,
  ]);
  return {
    PATH: process.env.PATH,
    ...Object.fromEntries(given),
    ...(container.name === app && {
      GANGLION_NATS_URL: `tls://localhost:${ports.nats}`,
      NODE_EXTRA_CA_CERTS: join(folder, 'tls', 'ca.crt'),
      GANGLION_BLOB_DIR: join(folder, 'blobs'),
      GANGLION_CACHE: cacheFolder(),
      GANGLION_PORT: String(ports.http),
      ...(app !== 'gateway' && { GANGLION_ADMIN_PORT: '0' }),
    }),
  };
}

function runIn(
  /** @type {string} */ app,
  /** @type {string[]} */ args,
  container = find(resources, 'Job', `migrate-${app}-1`).spec.template.spec.containers[0],
) {
  return run(process.execPath, args, { cwd: join(folder, app), env: environmentFor(app, container) });
}

function start(/** @type {string} */ app) {
  const [container] = find(resources, 'Deployment', app).spec.template.spec.containers;
  const child = spawn(process.execPath, [`apps/${app}/dist/main.js`], {
    cwd: join(folder, app),
    env: environmentFor(app, container),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const log = createWriteStream(join(folder, `${app}.log`));
  child.stdout.pipe(log);
  child.stderr.pipe(log);
  children.push(child);
}

/** The chart's own nats.conf, with other paths and port. */
async function startNatsOfChart() {
  const tls = join(folder, 'tls');
  await makeCertificates(tls);
  const { data } = find(resources, 'ConfigMap', 'nats');
  const text = data['nats.conf']
    .replaceAll('/etc/nats-tls', tls)
    .replace('/data', join(folder, 'jetstream'))
    .replace('/tmp/nats.pid', join(folder, 'nats.pid'))
    .replace('port: 4222', `port: ${ports.nats}\nhost: 127.0.0.1`)
    .replace('http_port: 8222', '');
  const configuration = join(folder, 'nats.conf');
  await writeFile(configuration, text);
  const child = spawn(await natsServerBinary(), ['--config', configuration], {
    env: { NATS_TOKEN: SECRETS['ganglion-nats/token'], POD_NAME: 'nats-0' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  children.push(child);
  let log = '';
  child.stderr.on('data', (chunk) => (log += chunk));
  for (const since = Date.now(); !log.includes('Server is ready'); await sleep(50)) {
    if (Date.now() - since > 20_000) throw new Error(`NATS did not start:\n${log}`);
  }
  expect(log).toContain('TLS required for client connections');
  expect(await readFile(configuration, 'utf8')).toContain('authorization');
}
