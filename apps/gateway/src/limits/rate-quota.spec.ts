import { describe, expect, it } from '@jest/globals';
import { RateQuota, type LeaseCalls } from './rate-quota.js';

/** A clock that is moved by hand, and books that keep to it. */
function world(callsPerSecond: number) {
  let nowMs = 0;
  let asked = 0;
  let isAway = false;
  const books = { tokens: Math.max(1, callsPerSecond / 4), atMs: 0 };
  const lease: LeaseCalls = ({ burst }, wanted) => {
    asked += 1;
    if (isAway) return Promise.reject(new Error('away'));
    books.tokens = Math.min(burst, books.tokens + ((nowMs - books.atMs) * callsPerSecond) / 1_000);
    books.atMs = nowMs;
    const granted = Math.min(wanted, Math.floor(books.tokens));
    books.tokens -= granted;
    return Promise.resolve({ granted, left: books.tokens });
  };
  return {
    gateway: () => new RateQuota(callsPerSecond, lease, () => nowMs),
    pass: (ms: number) => (nowMs += ms),
    asked: () => asked,
    goAway: () => (isAway = true),
  };
}

/** Calls that get through when so many come each 10 ms, for so long. */
async function admitted(
  { pass }: { pass(ms: number): void },
  gateways: readonly { readonly quota: RateQuota; readonly every10Ms: number }[],
  seconds: number,
): Promise<number> {
  let count = 0;
  for (let tick = 0; tick < seconds * 100; tick++) {
    for (const { quota, every10Ms } of gateways) {
      const calls = Math.floor((tick + 1) * every10Ms) - Math.floor(tick * every10Ms);
      const verdicts = await Promise.all(Array.from({ length: calls }, () => quota.take()));
      count += verdicts.filter(({ isAdmitted }) => isAdmitted).length;
    }
    pass(10);
  }
  return count;
}

describe('RateQuota', () => {
  it.each([0.5, 3, 20, 200, 5_000])(
    'of %d calls a second is held within 5 %% by three gateways of uneven load',
    async (rate) => {
      const at = world(rate);
      const gateways = [0.02, 0.3, 1.2].map((share) => ({
        quota: at.gateway(),
        every10Ms: Math.max(0.2, (share * rate) / 100),
      }));
      const count = await admitted(at, gateways, 10);
      // Of a few calls, one is more than 5 %.
      const tolerance = Math.max(1, rate * 10 * 0.05);
      expect(Math.abs(count - rate * 10)).toBeLessThanOrEqual(tolerance);
    },
  );

  it('lets everything through that stays below, and asks the books for a few calls at a time', async () => {
    const at = world(1_000);
    const gateways = [{ quota: at.gateway(), every10Ms: 9 }];
    expect(await admitted(at, gateways, 10)).toBe(9_000);
    expect(at.asked()).toBeLessThan(400);
  });

  it('answers at once while calls are leased, and when there are none', async () => {
    const at = world(4);
    const quota = at.gateway();
    expect(await quota.take()).toEqual({ isAdmitted: true });
    expect(await quota.take()).toMatchObject({ isAdmitted: false });
    const verdict = quota.take();
    expect(verdict).toMatchObject({ isAdmitted: false, retryAfterMs: 250 });
    expect(quota.remaining).toBe(0);
  });

  it('goes on with its share while the books are away', async () => {
    const at = world(100);
    const gateways = [{ quota: at.gateway(), every10Ms: 0.5 }];
    await admitted(at, gateways, 10);
    at.goAway();
    const count = await admitted(at, [{ ...gateways[0]!, every10Ms: 3 }], 10);
    expect(count).toBeGreaterThan(100);
    expect(count).toBeLessThan(1_000);
  });
});
