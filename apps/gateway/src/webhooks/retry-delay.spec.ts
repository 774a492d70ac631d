import { expect, it } from '@jest/globals';
import { MOST_ATTEMPTS, retryDelayMs } from './retry-delay.js';

const HOUR_MS = 3_600_000;
const delays = (random: number): number[] =>
  Array.from({ length: MOST_ATTEMPTS - 1 }, (_, index) => retryDelayMs(index + 1, 5_000, () => random) ?? 0);

it('tries again for about three days, then no more', () => {
  expect(delays(0.5).slice(0, 4)).toEqual([5_000, 20_000, 80_000, 320_000]);
  const totalHours = delays(0.5).reduce((sum, ms) => sum + ms, 0) / HOUR_MS;
  expect(totalHours).toBeGreaterThan(60);
  expect(totalHours).toBeLessThan(84);
  expect(retryDelayMs(MOST_ATTEMPTS)).toBeNull();
});

it('spreads retries by a fifth to either side', () => {
  expect([delays(0)[0], delays(1)[0]]).toEqual([4_000, 6_000]);
});
