import { describe, expect, it } from '@jest/globals';
import {
  DAY_MS,
  FACTOR_COLUMNS,
  FEATURES,
  measureWindows,
  toFeatures,
  type FeatureSource,
} from './features.js';

const NOW = Date.UTC(2026, 4, 20, 12);
const source: FeatureSource = {
  amount: 10,
  time: { atMs: NOW, isWeekend: false, isNight: false },
  customer: [],
  terminal: [],
  usualAmount: 54,
};
const spent = (daysAgo: number, amount: number) => ({ atMs: NOW - daysAgo * DAY_MS, amount });
const seen = (daysAgo: number, fraud: boolean) => ({ atMs: NOW - daysAgo * DAY_MS, fraud });

function featuresOf(changed: Partial<FeatureSource>): Record<string, number> {
  const all = { ...source, ...changed };
  const values = toFeatures(all, measureWindows(all));
  return Object.fromEntries(FEATURES.map((name, column) => [name, values[column] as number]));
}

describe('measureWindows', () => {
  it("counts the customer's past by windows that are open at their far end", () => {
    const customer = [spent(0, 1), spent(0.5, 2), spent(1, 4), spent(7, 8), spent(29.9, 16), spent(30, 32)];
    expect(measureWindows({ ...source, customer }).customer).toEqual([
      { count: 2, total: 3 },
      { count: 3, total: 7 },
      { count: 5, total: 31 },
    ]);
  });

  it("counts the terminal's past up to 7 days ago, for later frauds are not known yet", () => {
    const terminal = [
      seen(1, true),
      seen(6.9, true),
      seen(7, true),
      seen(8, false),
      seen(20, true),
      seen(37, true),
    ];
    expect(measureWindows({ ...source, terminal }).terminal).toEqual([
      { count: 1, total: 1 },
      { count: 2, total: 1 },
      { count: 3, total: 2 },
    ]);
  });

  it('does not mind the order of the entries', () => {
    const customer = [spent(3, 5), spent(0.1, 1), spent(20, 7)];
    expect(measureWindows({ ...source, customer })).toEqual(
      measureWindows({ ...source, customer: [...customer].reverse() }),
    );
  });
});

describe('toFeatures', () => {
  it('takes the mean of the next wider window where one is empty', () => {
    const features = featuresOf({ customer: [spent(3, 20), spent(20, 40)] });
    expect(features.logCustomerMean1Day).toBeCloseTo(Math.log1p(20));
    expect(features.logCustomerMean7Days).toBeCloseTo(Math.log1p(20));
    expect(features.logCustomerMean30Days).toBeCloseTo(Math.log1p(30));
  });

  it('takes the usual amount for an unknown customer, and no risk for an unknown terminal', () => {
    const features = featuresOf({});
    expect(features.logCustomerMean30Days).toBeCloseTo(Math.log1p(54));
    expect(features.terminalRisk30Days).toBe(0);
    expect(features.logTerminalCount30Days).toBe(0);
  });

  it('knows a mean of nothing spent from no transaction', () => {
    expect(featuresOf({ customer: [spent(2, 0)] }).logCustomerMean7Days).toBe(0);
  });
});

it('explains every feature once', () => {
  const columns = Object.values(FACTOR_COLUMNS).flat();
  expect(columns).toEqual([...FEATURES.keys()]);
});
