import { expect, it } from '@jest/globals';
import type { FeatureSource } from './features.js';
import { postprocess } from './postprocess.js';

const none = { count: 0, total: 0 };
const prepared = {
  source: { amount: 1, time: { atMs: 0, isWeekend: false, isNight: false } } as FeatureSource,
  windows: { customer: [none, none, none], terminal: [none, none, none] },
};

it('gives the probability, and the reasons in the order of how much they moved it', () => {
  const output = postprocess(
    { value: Math.log(3), baseValue: -1, contributions: [0.1, -0.2, 0.3, -0.4, 0.5, -0.6] },
    prepared,
  );
  expect(output.probability).toBeCloseTo(0.75);
  expect(output).toMatchObject({ logOdds: Math.log(3), baseLogOdds: -1 });
  expect(output.reasons.map(({ factor, contribution }) => [factor, contribution])).toEqual([
    ['terminal-risk', -0.6],
    ['terminal-traffic', 0.5],
    ['customer-amounts', -0.4],
    ['customer-frequency', 0.3],
    ['moment', -0.2],
    ['amount', 0.1],
  ]);
});
