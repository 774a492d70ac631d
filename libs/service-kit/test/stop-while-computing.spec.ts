/** A service that is told to stop while ONNX Runtime computes ends with the exit code that it means to. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { operationSubject } from '@ganglion/contracts/wire';
import { startNats, type NatsServer } from '@ganglion/tools/servers/nats-server';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connect } from '@nats-io/transport-node';
import { slowOnnx } from '../../inference/test/hostile-models.js';
import { decode, encode } from '../src/codec.js';

/** What tells how fast this machine is just now. */
const TRIAL_TRIPS = 300;

const PROGRAM = fileURLToPath(new URL('slow-service.fixture.mjs', import.meta.url));

let folder: string;
let nats: NatsServer;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ganglion-slow-'));
  nats = await startNats({ folder: join(folder, 'nats') });
});
afterAll(async () => {
  await nats.stop();
  await rm(folder, { recursive: true });
});

async function writeApp(placement: string): Promise<void> {
  const { files } = await slowOnnx(join(folder, 'models', 'slow'));
  const manifest = {
    id: 'slow',
    version: '1.0.0',
    task: 'regression',
    slot: 'slow/compute',
    default: true,
    engine: 'onnx',
    entry: 'model.onnx',
    files: files.map(({ path, bytes, sha256 }) => ({ path, bytes, sha256, sources: [`file:slow/${path}`] })),
    inputs: [{ name: 'trips', dtype: 'int64', shape: [] }],
    outputs: [{ name: 'y', dtype: 'float32', shape: [] }],
    licence: 'Apache-2.0',
    placement,
    unverified: true,
    card: { summary: 'Slow.', trainedOn: 'Nothing.', metrics: [], notFitFor: ['anything but tests'] },
  };
  await writeFile(join(folder, 'models', 'slow.json'), JSON.stringify(manifest));
}

/** Calls the service for about so long, tells it to stop meanwhile, and gives back what both came to. */
async function stopDuring(computeMs: number, drainMs: number) {
  const environment = {
    GANGLION_NATS_URL: nats.url,
    GANGLION_NATS_TOKEN: nats.token,
    GANGLION_BLOB_DIR: join(folder, 'blobs'),
    GANGLION_ADMIN_PORT: '0',
    GANGLION_DEVICE: 'cpu',
    GANGLION_DRAIN_MS: `${drainMs}`,
  };
  const stdio: ['ignore', 'pipe', 'inherit'] = ['ignore', 'pipe', 'inherit'];
  const service = spawn(process.execPath, [PROGRAM, folder], {
    stdio,
    env: { ...process.env, ...environment },
  });
  const exited = once(service, 'exit');
  const lines = createInterface({ input: service.stdout });
  for await (const line of lines) if (line.includes('"Ready"')) break;
  service.stdout.resume();
  const caller = await connect({ servers: nats.url, token: nats.token });
  const call = (trips: number) =>
    caller.request(operationSubject('slow', 'compute'), encode({ trips }), { timeout: 30_000 });
  const startedAt = performance.now();
  await call(TRIAL_TRIPS);
  const reply = call(Math.ceil((TRIAL_TRIPS * computeMs) / (performance.now() - startedAt)));
  await sleep(300);
  service.kill('SIGTERM');
  const answer = decode((await reply).data);
  await caller.close();
  const [code, signal] = await exited;
  return { answer, code, signal };
}

describe.each(['thread', 'process'])('a service whose model computes in a %s', (placement) => {
  beforeAll(() => writeApp(placement));

  it('answers and exits with 0 when the drain suffices', async () => {
    const { answer, code } = await stopDuring(1_500, 20_000);
    expect(answer).toEqual({ y: expect.any(Number) });
    expect(code).toBe(0);
  });

  it('refuses and exits with 0 when the drain runs out of time', async () => {
    const { answer, code, signal } = await stopDuring(2_000, 100);
    expect(answer).toMatchObject({ code: 'unavailable', retryable: true });
    expect({ code, signal }).toEqual({ code: 0, signal: null });
  });
});

it('a run in a thread that never ends ends the service by the signal that it was sent', async () => {
  await writeApp('thread');
  const { code, signal } = await stopDuring(1e7, 100);
  expect({ code, signal }).toEqual({ code: null, signal: 'SIGTERM' });
});

it('a run in a process that never ends does not keep the service', async () => {
  await writeApp('process');
  expect(await stopDuring(1e7, 100)).toMatchObject({ code: 0 });
});
