import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Caller } from './caller.js';
import { KeyCache } from './key-cache.js';

const alice: Caller = { keyId: 'alice', tenant: 'acme', scopes: ['*'], expiresAtMs: Infinity };
const MINUTE_MS = 60_000;

describe('KeyCache', () => {
  let now: number;
  let asked: number;
  let answer: () => Promise<Caller | null>;
  let cache: KeyCache;
  beforeEach(() => {
    [now, asked] = [1_000_000, 0];
    answer = () => Promise.resolve(alice);
    const verify = (): Promise<Caller | null> => {
      asked += 1;
      return answer();
    };
    cache = new KeyCache(verify, () => now);
  });

  it('asks once for many at the same time, and again after 30 s', async () => {
    await Promise.all([cache.ask('a'), cache.ask('a'), cache.ask('a')]);
    expect(asked).toBe(1);
    now += 29_999;
    expect(cache.peek('a')).toBe(alice);
    now += 1;
    expect(cache.peek('a')).toBeUndefined();
  });

  it('lets a known key work for 10 minutes without the control plane, and asks it only now and then', async () => {
    await cache.ask('a');
    answer = () => Promise.reject(new Error('away'));
    now += 9 * MINUTE_MS;
    expect(await cache.ask('a')).toBe(alice);
    expect(cache.peek('a')).toBe(alice);
    now += 1_000;
    expect(cache.peek('a')).toBeUndefined();
    now += MINUTE_MS;
    await expect(cache.ask('a')).rejects.toThrow('away');
    await expect(cache.ask('unknown')).rejects.toThrow('away');
  });

  it('remembers for a moment that a key is none', async () => {
    answer = () => Promise.resolve(null);
    expect(await cache.ask('x')).toBeNull();
    expect(cache.peek('x')).toBeNull();
    now += 2_000;
    expect(cache.peek('x')).toBeUndefined();
  });

  it('drops a revoked key, also when an answer was on its way meanwhile', async () => {
    await cache.ask('a');
    cache.revoke('a');
    expect(cache.peek('a')).toBeUndefined();
    let give: (caller: Caller) => void = () => undefined;
    answer = () => new Promise((resolve) => (give = resolve));
    const asking = cache.ask('a');
    cache.revoke('a');
    give(alice);
    await asking;
    expect(cache.peek('a')).toBeUndefined();
  });

  it('cannot be flooded: guesses push out no good key', async () => {
    await cache.ask('a');
    answer = () => Promise.resolve(null);
    for (let guess = 0; guess < 20_000; guess++) await cache.ask(`guess ${guess}`);
    expect(cache.peek('a')).toBe(alice);
    expect(cache.peek('guess 0')).toBeUndefined();
    expect(cache.peek('guess 19999')).toBeNull();
  });
});
