import { beforeEach, describe, expect, it } from '@jest/globals';
import { KeyCache, type KnownKey, type RefusedKey } from './key-cache.js';

const alice: KnownKey = {
  caller: {
    credential: 'key',
    keyId: 'alice',
    tenant: 'acme',
    roles: ['caller'],
    scopes: ['*'],
    limits: {},
    expiresAtMs: Infinity,
  },
  tokenKey: null,
};
const nobody: RefusedKey = { refusal: { code: 'unauthenticated', tenant: null, keyId: null } };
const MINUTE_MS = 60_000;

describe('KeyCache', () => {
  let now: number;
  let asked: number;
  let answer: () => Promise<KnownKey | RefusedKey>;
  let cache: KeyCache;
  beforeEach(() => {
    [now, asked] = [1_000_000, 0];
    answer = () => Promise.resolve(alice);
    const verify = (): Promise<KnownKey | RefusedKey> => {
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
    answer = () => Promise.resolve(nobody);
    expect(await cache.ask('x')).toBe(nobody);
    expect(cache.peek('x')).toBe(nobody);
    now += 2_000;
    expect(cache.peek('x')).toBeUndefined();
  });

  it('drops a key that was revoked or rotated, also when an answer was on its way meanwhile', async () => {
    await cache.ask('a');
    cache.forget('alice');
    expect(cache.peek('a')).toBeUndefined();
    let give: (key: KnownKey) => void = () => undefined;
    answer = () => new Promise((resolve) => (give = resolve));
    const asking = cache.ask('a');
    cache.forget('alice');
    give(alice);
    await asking;
    expect(cache.peek('a')).toBeUndefined();
  });

  it('cannot be flooded: guesses push out no good key', async () => {
    await cache.ask('a');
    answer = () => Promise.resolve(nobody);
    for (let guess = 0; guess < 20_000; guess++) await cache.ask(`guess ${guess}`);
    expect(cache.peek('a')).toBe(alice);
    expect(cache.peek('guess 0')).toBeUndefined();
    expect(cache.peek('guess 19999')).toBe(nobody);
  });
});
