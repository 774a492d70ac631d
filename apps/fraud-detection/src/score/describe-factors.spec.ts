import { describe, expect, it } from '@jest/globals';
import { describeFactors } from './describe-factors.js';
import type { FeatureSource, Windows } from './features.js';

const source: FeatureSource = {
  amount: 412,
  time: { atMs: 0, isWeekend: true, isNight: true },
  customer: [],
  terminal: [],
  usualAmount: 54,
};
const none = { count: 0, total: 0 };
const windows: Windows = {
  customer: [none, { count: 2, total: 100 }, { count: 4, total: 270 }],
  terminal: [
    { count: 1, total: 0 },
    { count: 6, total: 1 },
    { count: 30, total: 5 },
  ],
};

describe('describeFactors', () => {
  it('says of each factor what was seen', () => {
    expect(describeFactors(source, windows)).toEqual({
      amount: "The amount 412.00 is 6.1 times the customer's 30-day mean of 67.50.",
      moment: 'It was made at night on a weekend.',
      'customer-frequency': 'The customer made 0, 2 and 4 transactions in the last 1, 7 and 30 days.',
      'customer-amounts':
        "The customer's mean amounts of the last 1, 7 and 30 days are unknown, 50.00 and 67.50.",
      'terminal-traffic':
        'The terminal had 1, 6 and 30 transactions in the 1, 7 and 30 days that ended a week before.',
      'terminal-risk':
        "Of the terminal's transactions in the 1, 7 and 30 days that ended a week before, 0, 1 and 5 were frauds.",
    });
  });

  it('compares an amount with nothing where nothing is known', () => {
    const customer = [none, none, none];
    expect(describeFactors(source, { ...windows, customer }).amount).toBe(
      'The amount is 412.00; what the customer usually spends is not known.',
    );
  });
});
