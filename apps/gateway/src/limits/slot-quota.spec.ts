import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { SlotQuota } from './slot-quota.js';

/** Books for several gateways. */
function books(limit: number) {
  const held = new Map<number, number>();
  let names = 0;
  const gateway = (): SlotQuota => {
    const name = (names += 1);
    return new SlotQuota(limit, (wanted) => {
      const others = [...held].reduce((sum, [other, slots]) => (other === name ? sum : sum + slots), 0);
      const slots = Math.max(0, Math.min(wanted, limit - others));
      held.set(name, slots);
      return Promise.resolve(slots);
    });
  };
  return { gateway, held: () => [...held.values()].reduce((sum, slots) => sum + slots, 0) };
}

const takeMany = async (quota: SlotQuota, count: number): Promise<number> => {
  const taken = await Promise.all(Array.from({ length: count }, () => quota.take()));
  return taken.filter(Boolean).length;
};

describe('SlotQuota', () => {
  afterEach(() => void jest.useRealTimers());

  it('never lets more through than the limit, over all gateways', async () => {
    const { gateway } = books(5);
    const [a, b] = [gateway(), gateway()];
    const counts = await Promise.all([takeMany(a, 4), takeMany(b, 4)]);
    expect(counts[0] + counts[1]).toBe(5);
  });

  it('answers at once with slots that it holds', async () => {
    const { gateway } = books(2);
    const quota = gateway();
    expect(await takeMany(quota, 2)).toBe(2);
    quota.release();
    expect(quota.take()).toBe(true);
    expect(quota.remaining).toBe(0);
  });

  it('gives back what it does not use, so that others have it', async () => {
    jest.useFakeTimers();
    const { gateway, held } = books(3);
    const [a, b] = [gateway(), gateway()];
    expect(await takeMany(a, 3)).toBe(3);
    expect(await b.take()).toBe(false);
    for (let call = 0; call < 3; call++) a.release();
    await jest.advanceTimersByTimeAsync(2_100);
    expect(held()).toBe(0);
    expect(a.isIdle).toBe(true);
    expect(await takeMany(b, 3)).toBe(3);
    await b.close();
    expect(held()).toBe(0);
  });
});
