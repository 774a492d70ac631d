import { describe, expect, it, jest } from '@jest/globals';
import { ServiceError } from '@ganglion/contracts/errors';
import { setTimeout as sleep } from 'node:timers/promises';
import { checkAwaited, whileAwaited } from './patience.js';

const code = (value: string) => expect.objectContaining({ code: value });
const never = new Promise<never>(() => {});

describe('whileAwaited', () => {
  it.each([
    ['cancelled', undefined, 60_000],
    ['deadline_exceeded', new ServiceError('deadline_exceeded', 'too late'), 60_000],
    ['deadline_exceeded', undefined, -1],
  ] as const)('rejects with %s for the reason %s', async (expected, reason, remainingMs) => {
    const controller = new AbortController();
    const abandon = jest.fn();
    const patience = { signal: controller.signal, deadline: performance.now() + remainingMs };
    const waiting = whileAwaited(never, patience, abandon);
    controller.abort(reason);
    await expect(waiting).rejects.toThrow(code(expected));
    expect(abandon).toHaveBeenCalledTimes(1);
  });

  it('leaves work alone that is done in time', async () => {
    const abandon = jest.fn();
    const controller = new AbortController();
    const patience = { signal: controller.signal, deadline: performance.now() + 10 };
    expect(await whileAwaited(Promise.resolve(1), patience, abandon)).toBe(1);
    controller.abort();
    await sleep(20);
    expect(abandon).not.toHaveBeenCalled();
  });

  it('takes a deadline that no timer can wait for', async () => {
    const work = sleep(5).then(() => 'done');
    expect(await whileAwaited(work, { deadline: performance.now() + 1e12 }, () => {})).toBe('done');
  });
});

describe('checkAwaited', () => {
  it('refuses callers who are gone', () => {
    expect(() => checkAwaited({})).not.toThrow();
    expect(() => checkAwaited({ deadline: performance.now() - 1 })).toThrow(code('deadline_exceeded'));
    expect(() => checkAwaited({ signal: AbortSignal.abort() })).toThrow(code('cancelled'));
  });
});
