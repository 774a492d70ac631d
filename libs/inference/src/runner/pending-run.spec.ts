import { describe, expect, it, jest } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RunResult } from './pending-run.js';
import { PendingRun } from './pending-run.js';

const code = (value: string) => expect.objectContaining({ code: value });
const result: RunResult = { outputs: {}, timings: { queueMs: 0, batchMs: 0, computeMs: 0, batchSize: 1 } };
const pending = () =>
  new PendingRun({ inputs: {}, rows: 1, key: '', lane: 'interactive', elementsPerRow: 0 });

describe('PendingRun', () => {
  it.each([
    ['deadline_exceeded', () => ({ deadline: performance.now() - 1 })],
    ['cancelled', () => ({ signal: AbortSignal.timeout(5) })],
  ])('ends with %s when its caller goes, and says so once', async (expected, patience) => {
    const run = pending();
    const onLeave = jest.fn();
    run.awaitWith(patience(), onLeave);
    await expect(run.promise).rejects.toThrow(code(expected));
    run.resolve(result);
    expect(onLeave).toHaveBeenCalledTimes(1);
  });

  it('leaves work alone that is done in time', async () => {
    const run = pending();
    const onLeave = jest.fn();
    const controller = new AbortController();
    run.awaitWith({ signal: controller.signal, deadline: performance.now() + 10 }, onLeave);
    run.resolve(result);
    expect(await run.promise).toBe(result);
    controller.abort();
    await sleep(20);
    expect(onLeave).not.toHaveBeenCalled();
  });

  it('takes a deadline that no timer can wait for', async () => {
    const run = pending();
    run.awaitWith({ deadline: performance.now() + 1e12 }, () => {});
    await sleep(5);
    run.resolve(result);
    expect(await run.promise).toBe(result);
  });
});
