import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { zeros } from '@ganglion/tensor';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { slowOnnx, trips } from '../../test/hostile-models.js';
import { expectedOutput, row, settings, tinyOnnx, tinyTfjsGraph } from '../../test/tiny-models.js';
import type { EngineModel, Session } from '../engine.js';
import type { Log } from '../log.js';
import type { HostPort } from './host-port.js';
import { openSession } from './open-session.js';
import { openProcess, type ProcessPort } from './process/process-port.js';
import { SessionHost } from './session-host.js';
import { SupervisedSession } from './supervised.session.js';
import { openThread, type ThreadPort } from './thread/thread-port.js';

// A host that loads TensorFlow.js takes a second to start where others compute as well.
jest.setTimeout(60_000);

/** Ends a host as a fault of its own would. */
const KILL = {
  thread: (port: HostPort) => (port as ThreadPort).worker.terminate(),
  process: (port: HostPort) => (port as ProcessPort).child.kill('SIGKILL'),
};

/** Sends a host what its protocol does not know, and it fails over. */
const CONFUSE = {
  thread: (port: HostPort) => (port as ThreadPort).worker.postMessage(undefined),
  process: (port: HostPort) => (port as ProcessPort).messages.write(Buffer.alloc(8, 0xff)),
};

describe.each(['thread', 'process'] as const)('a session in a %s', (place) => {
  let folder: string;
  let model: EngineModel;
  const ports: HostPort[] = [];
  const sessions: Session[] = [];
  const lines: string[] = [];
  const levels: string[] = [];

  async function load(): Promise<SupervisedSession> {
    const start = () => {
      const port = place === 'thread' ? openThread(model, {}) : openProcess(model, {});
      ports.push(port);
      return SessionHost.start(port, { model, settings, limits: {} });
    };
    const log: Log = (line, level) => {
      lines.push(line);
      levels.push(level);
    };
    const session = await SupervisedSession.load(model, { start, log });
    sessions.push(session);
    return session;
  }
  const killLast = () => KILL[place](ports.at(-1)!);

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ganglion-supervised-'));
    model = await tinyOnnx(folder);
  });
  afterEach(async () => {
    await Promise.all(sessions.splice(0).map((session) => session.dispose()));
    ports.length = 0;
    lines.length = 0;
    levels.length = 0;
    await rm(folder, { recursive: true });
  });

  async function untilItRuns(session: Session): Promise<unknown> {
    for (;;) {
      try {
        return (await session.run(row(1, 2))).y?.data;
      } catch {
        await sleep(20);
      }
    }
  }

  it('fails what is under way when its host dies, and loads the model again', async () => {
    // Of TensorFlow.js: a thread that dies while ONNX Runtime computes takes this process with it.
    model = await tinyTfjsGraph(folder);
    const startedAt = performance.now();
    const session = await load();
    const loadMs = performance.now() - startedAt;
    const large = () => ({ x: zeros('float32', [400_000, 2]) });
    const underWay = Promise.allSettled(Array.from({ length: 5 }, () => session.run(large())));
    await killLast();
    const [last] = (await underWay).slice(-1) as PromiseRejectedResult[];
    expect(last?.reason).toMatchObject({ code: 'model_unavailable' });
    expect(last?.reason.message).toMatch(new RegExp(`lost its ${place} .+ and is being loaded again`));
    // What a load took, and the pause before it.
    expect(last?.reason.retryAfterMs).toBeGreaterThan(100);
    expect(last?.reason.retryAfterMs).toBeLessThan(loadMs + 200);
    await expect(session.run(row(1, 2))).rejects.toMatchObject({ code: 'model_unavailable' });

    expect(await untilItRuns(session)).toEqual(Float32Array.from(expectedOutput([[1, 2]])));
    expect(lines).toEqual([
      expect.stringMatching(new RegExp(`^The ${place} of the model tiny-tfjs died: .+\\.$`)),
      'The model tiny-tfjs is loaded again.',
    ]);
    expect(levels).toEqual(['warn', 'info']);
  });

  it('outlives an uncaught error of its host', async () => {
    const session = await load();
    CONFUSE[place](ports[0]!);
    await ports[0]?.ended;
    await untilItRuns(session);
    expect(ports).toHaveLength(2);
  });

  it('answers what is under way before it is disposed', async () => {
    const session = await load();
    const underWay = Array.from({ length: 5 }, () => session.run({ x: zeros('float32', [100_000, 2]) }));
    await session.dispose();
    expect((await Promise.all(underWay)).map(({ y }) => y?.shape)).toEqual(Array(5).fill([100_000, 3]));
  });

  it('goes on trying while the model can not be loaded', async () => {
    const session = await load();
    const { location } = model.files[1]!;
    await rename(location, `${location}.away`);
    await killLast();
    while (lines.length < 2) await sleep(20);
    expect(lines[1]).toContain('could not be loaded again: ServiceError: The model file "weights.bin"');
    await rename(`${location}.away`, location);
    await untilItRuns(session);
  });

  it('ends at once when it is disposed between two attempts', async () => {
    const session = await load();
    await rm(model.files[1]!.location);
    await killLast();
    while (lines.length < 3) await sleep(20);
    await session.dispose();
    await expect(session.run(row(1, 2))).rejects.toThrow('was unloaded');
  });

  it('leaves the event loop free under a full load of slow runs', async () => {
    model = await slowOnnx(folder);
    const session = await load();
    const delay = monitorEventLoopDelay({ resolution: 1 });
    delay.enable();
    // Each takes some hundred milliseconds, during which the event loop would stand still.
    await Promise.all(Array.from({ length: 6 }, () => session.run(trips(400))));
    delay.disable();
    // Under 4 ms on a machine that is not busy (tools/bench/event-loop.bench.mjs).
    expect(delay.percentile(99) / 1e6).toBeLessThan(100);
  });
});

it('a thread takes the buffers of its inputs, and leaves those of which it got a part', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'ganglion-thread-'));
  const session = await openSession(await tinyOnnx(folder), { placement: 'thread', settings });
  const whole = row(1, 2);
  await session.run(whole);
  expect(whole.x.data).toHaveLength(0);

  const large = zeros('float32', [4, 2]);
  await session.run({ x: { ...large, shape: [1, 2], data: large.data.subarray(2, 4) } });
  expect(large.data).toHaveLength(8);
  await session.dispose();
  await rm(folder, { recursive: true });
});
