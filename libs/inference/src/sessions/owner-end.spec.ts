/** What becomes of a session when the process that owns it ends, and of that process while the session computes. */
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { slowOnnx } from '../../test/hostile-models.js';
import type { EngineModel } from '../engine.js';
import type { Placement } from './open-session.js';

jest.setTimeout(60_000);

const PROGRAM = fileURLToPath(new URL('../../test/session-owner.fixture.mjs', import.meta.url));

let folder: string;
let model: EngineModel;
const owners: ChildProcess[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ganglion-owner-'));
  model = await slowOnnx(folder);
});
afterEach(async () => {
  for (const owner of owners.splice(0)) owner.kill('SIGKILL');
  await rm(folder, { recursive: true });
});

interface Task {
  readonly placement: Placement;
  readonly trips?: number;
  readonly exit?: { readonly code: number; readonly afterMs: number };
}

/** Starts the program; resolves once its session is loaded. */
async function startOwner(task: Task): Promise<ChildProcess> {
  const args = [PROGRAM, JSON.stringify({ model, ...task })];
  const owner = spawn(process.execPath, args, {
    env: { ...process.env, PGPASSWORD: 'secret' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  owners.push(owner);
  await once(createInterface({ input: owner.stdout! }), 'line');
  return owner;
}

const ended = async (owner: ChildProcess) => {
  if (owner.exitCode === null && owner.signalCode === null) await once(owner, 'exit');
  return { code: owner.exitCode, signal: owner.signalCode };
};

/** What `ps` knows of every process, by its id. */
async function processes(): Promise<Map<number, { readonly parent: number; readonly state: string }>> {
  const { stdout } = await promisify(execFile)('ps', ['-axo', 'pid=,ppid=,stat=']);
  const rows = stdout
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/));
  return new Map(
    rows.map(([pid, parent, state = '']) => [Number(pid), { parent: Number(parent), state }] as const),
  );
}

/** The one that computes; `ps` is a child of the test, not of the owner. */
async function childOf(owner: ChildProcess): Promise<number> {
  const children = [...(await processes())].filter(([, { parent }]) => parent === owner.pid);
  expect(children).toHaveLength(1);
  return children[0]![0];
}

/** A zombie that nobody has asked for yet has ended as well. */
async function isRunning(pid: number): Promise<boolean> {
  const found = (await processes()).get(pid);
  return found !== undefined && !/^[ZX]/.test(found.state);
}

describe('a process that exits while its model computes', () => {
  it.each(['thread', 'process'] as const)('ends with its own exit code (%s)', async (placement) => {
    // Runs for about a second; without a hold, a thread aborts the process: 134.
    const owner = await startOwner({ placement, trips: 1_500, exit: { code: 3, afterMs: 200 } });
    expect(await ended(owner)).toEqual({ code: 3, signal: null });
  });

  it('ends by the signal that it was sent when the thread goes on and on', async () => {
    const owner = await startOwner({ placement: 'thread', trips: 1e9, exit: { code: 3, afterMs: 200 } });
    expect(await ended(owner)).toEqual({ code: null, signal: 'SIGTERM' });
  });
});

describe('the process of a model', () => {
  it.each([
    ['idle', undefined],
    ['that computes', 1e9],
  ])('ends with its owner, however that went (%s)', async (_, trips) => {
    const owner = await startOwner({ placement: 'process', ...(trips && { trips }) });
    const pid = await childOf(owner);
    expect(await isRunning(pid)).toBe(true);
    if (trips !== undefined) await sleep(300);
    owner.kill('SIGKILL');
    const startedAt = performance.now();
    while (await isRunning(pid)) await sleep(10);
    // A few milliseconds on a machine that is not busy.
    expect(performance.now() - startedAt).toBeLessThan(5_000);
  });

  it('ignores the signals that ask its owner to stop, and answers what is under way', async () => {
    const owner = await startOwner({ placement: 'process', trips: 700 });
    const answered = once(createInterface({ input: owner.stdout! }), 'line');
    const pid = await childOf(owner);
    process.kill(pid, 'SIGTERM');
    process.kill(pid, 'SIGINT');
    expect(await answered).toEqual(['ran']);
  });
});

/** What only Linux has, and so only the tests there can see: `/proc`. */
if (process.platform === 'linux') {
  describe('the process of a model, as the kernel sees it', () => {
    it('is the first that the kernel ends when memory runs out, and knows none of its owner’s secrets', async () => {
      const owner = await startOwner({ placement: 'process' });
      const pid = await childOf(owner);
      expect((await readFile(`/proc/${pid}/oom_score_adj`, 'utf8')).trim()).toBe('1000');
      expect(await readFile(`/proc/${owner.pid}/environ`, 'utf8')).toContain('PGPASSWORD=secret');
      expect(await readFile(`/proc/${pid}/environ`, 'utf8')).not.toContain('PGPASSWORD');
    });
  });
}
