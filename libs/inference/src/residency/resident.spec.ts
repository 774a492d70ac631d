import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { Residency } from './residency.js';
import type { Loadable } from './resident.js';

const MB = 1024 ** 2;
const code = (value: string, more = {}) => expect.objectContaining({ code: value, ...more });

/** What can be loaded when the test says so, and notes what was done with it. */
function loadable(name: string, megabytes: number, log: string[] = []) {
  const gates: (() => void)[] = [];
  let failure: Error | undefined;
  const model: Loadable<string> = {
    name,
    bytes: megabytes * MB,
    load: async () => {
      log.push(`load ${name}`);
      await new Promise<void>((resolve) => gates.push(resolve));
      if (failure !== undefined) throw failure;
      return name;
    },
    unload: async () => void log.push(`unload ${name}`),
  };
  /** Lets the load under way end, as soon as it has begun. */
  const finish = async (error?: Error): Promise<void> => {
    failure = error;
    while (gates.length === 0) await sleep(1);
    gates.shift()?.();
  };
  return { model, finish };
}

const answer = async (value: string) => value;

describe('a resident', () => {
  it('is loaded by its first call, once for all that wait', async () => {
    const log: string[] = [];
    const { model, finish } = loadable('a', 1, log);
    const resident = new Residency({ budgetBytes: Infinity, maxHeld: 8 }).admit(model);
    expect(resident.state).toBe('unloaded');
    const calls = [1, 2, 3].map(() => resident.use({}, answer));
    expect(resident.state).toBe('loading');
    await finish();
    expect(await Promise.all(calls)).toEqual(['a', 'a', 'a']);
    expect(await resident.use({}, answer)).toBe('a');
    expect(log).toEqual(['load a']);
  });

  it('holds a call up to its deadline, and goes on loading for the next', async () => {
    const { model, finish } = loadable('a', 1);
    const resident = new Residency({ budgetBytes: Infinity, maxHeld: 8 }).admit(model);
    const hurried = resident.use({ deadline: performance.now() + 20 }, answer);
    await expect(hurried).rejects.toEqual(code('deadline_exceeded'));
    const cancelled = new AbortController();
    const leaving = resident.use({ signal: cancelled.signal }, answer);
    cancelled.abort();
    await expect(leaving).rejects.toEqual(code('cancelled'));
    const patient = resident.use({}, answer);
    await finish();
    expect(await patient).toBe('a');
  });

  it('refuses more than may be held, and says when to come again by what its last load took', async () => {
    const residency = new Residency({ budgetBytes: 1 * MB, maxHeld: 2 });
    const a = loadable('a', 1);
    const b = loadable('b', 1);
    const [first, other] = [residency.admit(a.model), residency.admit(b.model)];
    const held = [1, 2].map(() => first.use({}, answer));
    expect(residency.heldCalls).toBe(2);
    await expect(first.use({}, answer)).rejects.toEqual(code('model_unavailable', { retryAfterMs: 1_000 }));
    await sleep(300);
    await a.finish();
    await Promise.all(held);
    const evicting = other.load();
    await b.finish();
    await evicting;
    const again = [1, 2].map(() => first.use({}, answer));
    const refusal = await first.use({}, answer).catch((error: { retryAfterMs: number }) => error);
    const { retryAfterMs } = refusal as { retryAfterMs: number };
    // The load took 300 ms at least, and has only just begun again.
    expect(retryAfterMs).toBeGreaterThan(200);
    expect(retryAfterMs).not.toBe(1_000);
    await a.finish();
    await Promise.all(again);
    expect(residency.heldCalls).toBe(0);
  });

  it('can be loaded ahead of any call, however many are held', async () => {
    const { model, finish } = loadable('a', 1);
    const resident = new Residency({ budgetBytes: Infinity, maxHeld: 0 }).admit(model);
    await expect(resident.use({}, answer)).rejects.toEqual(code('model_unavailable'));
    const loaded = resident.load();
    await finish();
    await loaded;
    expect(await resident.use({}, answer)).toBe('a');
  });

  it('gives way to another, least recently used first', async () => {
    const log: string[] = [];
    const residency = new Residency({ budgetBytes: 2 * MB, maxHeld: 8 });
    const models = ['a', 'b', 'c'].map((name) => loadable(name, 1, log));
    const [a, b, c] = models.map(({ model }) => residency.admit(model));
    const load = async (index: number): Promise<void> => {
      const loaded = [a, b, c][index]!.load();
      await models[index]!.finish();
      await loaded;
    };
    await load(0);
    await load(1);
    await a!.use({}, answer);
    await load(2);
    expect(log).toEqual(['load a', 'load b', 'unload b', 'load c']);
    expect([a, b, c].map((resident) => resident!.state)).toEqual(['ready', 'unloaded', 'ready']);
    expect(residency.takenBytes).toBe(2 * MB);
  });

  it('is never unloaded while it is in use: who needs its room waits', async () => {
    const log: string[] = [];
    const residency = new Residency({ budgetBytes: 1 * MB, maxHeld: 8 });
    const [a, b] = ['a', 'b'].map((name) => loadable(name, 1, log)) as [
      ReturnType<typeof loadable>,
      ReturnType<typeof loadable>,
    ];
    const [first, second] = [residency.admit(a.model), residency.admit(b.model)];
    let end = (): void => {};
    const using = first.use({}, () => new Promise<void>((resolve) => (end = resolve)));
    await a.finish();
    const waiting = second.use({}, answer);
    const hurried = second.use({ deadline: performance.now() + 20 }, answer);
    await expect(hurried).rejects.toEqual(code('deadline_exceeded'));
    expect(log).toEqual(['load a']);
    end();
    await using;
    await b.finish();
    expect(await waiting).toBe('b');
    expect(log).toEqual(['load a', 'unload a', 'load b']);
  });

  it('that nobody wants any more gives up its place to the next', async () => {
    const residency = new Residency({ budgetBytes: 2 * MB, maxHeld: 8 });
    const [busy, large, small] = [loadable('busy', 1), loadable('large', 2), loadable('small', 1)];
    const inUse = residency.admit(busy.model);
    let end = (): void => {};
    const using = inUse.use({}, () => new Promise<void>((resolve) => (end = resolve)));
    await busy.finish();
    const leaving = residency.admit(large.model).use({ deadline: performance.now() + 20 }, answer);
    const next = residency.admit(small.model).use({}, answer);
    await expect(leaving).rejects.toEqual(code('deadline_exceeded'));
    await small.finish();
    expect(await next).toBe('small');
    end();
    await using;
  });

  it('that could never fit says so', async () => {
    const residency = new Residency({ budgetBytes: 1 * MB, maxHeld: 8 });
    await expect(residency.admit(loadable('a', 3).model).load()).rejects.toThrow(
      'a needs 3 MB of memory, more than all models together may take (1 MB)',
    );
  });

  it('that failed to load is not tried at each call, but after a while', async () => {
    const log: string[] = [];
    const { model, finish } = loadable('a', 1, log);
    const residency = new Residency({ budgetBytes: 1 * MB, maxHeld: 8 });
    const resident = residency.admit(model);
    const failing = expect(resident.load()).rejects.toEqual(
      code('model_unavailable', { retryAfterMs: 1_000 }),
    );
    await finish(new Error('disk on fire'));
    await failing;
    expect(residency.takenBytes).toBe(0);
    await expect(resident.load()).rejects.toEqual(code('model_unavailable'));
    expect(log).toEqual(['load a']);
    await sleep(1_100);
    const loaded = resident.use({}, answer);
    await finish();
    expect(await loaded).toBe('a');
  });

  it('serves whoever has begun before it retires', async () => {
    const log: string[] = [];
    const { model, finish } = loadable('a', 1, log);
    const residency = new Residency({ budgetBytes: Infinity, maxHeld: 8 });
    const resident = residency.admit(model);
    const begun = resident.use({}, answer);
    const retired = resident.retire();
    await finish();
    expect(await begun).toBe('a');
    await retired;
    expect(log).toEqual(['load a', 'unload a']);
    expect(residency.takenBytes).toBe(0);
  });
});
