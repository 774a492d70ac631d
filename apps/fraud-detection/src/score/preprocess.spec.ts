import { describe, expect, it } from '@jest/globals';
import { FEATURES } from './features.js';
import { preprocess, type ScorerInput } from './preprocess.js';

const AT = '2026-05-20T12:00:00+02:00';
const settings: ScorerInput = {
  usualAmount: 54,
  ranges: FEATURES.map((name) => (name.startsWith('log') ? [0, Math.log1p(2_000)] : [0, 1])),
  background: [FEATURES.map(() => 0)],
};
const bought = (at: string, amount = 10) => ({ at, amount });
const sold = (at: string, fraud = false) => ({ at, fraud });

function prepare(changed: { amount?: number; customer?: object[]; terminal?: object[] } = {}) {
  const { amount = 20, customer = [bought('2026-05-19T12:00:00Z')] } = changed;
  const { terminal = [sold('2026-05-10T12:00:00Z')] } = changed;
  return preprocess(
    {
      transaction: { amount, at: AT },
      customer: { history: customer as never },
      terminal: { history: terminal as never },
    },
    settings,
  );
}

describe('preprocess', () => {
  it('has nothing to say of a transaction whose customer and terminal are known', () => {
    const { features, warnings } = prepare();
    expect(warnings).toEqual([]);
    expect(features[0]).toBeCloseTo(Math.log1p(20));
  });

  it('says what it assumed of an unknown customer and an unknown terminal', () => {
    const { warnings } = prepare({ customer: [bought('2026-01-01T00:00:00Z')], terminal: [sold(AT, true)] });
    expect(warnings).toEqual([
      'The customer is unknown: no transaction in the last 30 days. A mean amount of 54.00 was assumed.',
      'The terminal is unknown: no transaction between 37 and 7 days ago. No frauds at it were assumed.',
    ]);
  });

  it('leaves out what is later than the transaction, whatever its offset', () => {
    const past = prepare();
    const { features, warnings } = prepare({
      customer: [
        bought('2026-05-19T12:00:00Z'),
        bought('2026-05-20T11:00:00Z'),
        bought('2027-01-01T00:00:00Z'),
      ],
      terminal: [sold('2026-05-10T12:00:00Z'), sold('2026-05-20T12:00:01+02:00', true)],
    });
    expect(features).toEqual(past.features);
    expect(warnings).toEqual([
      "Left out 2 entries of the customer's history: later than the transaction.",
      "Left out 1 entry of the terminal's history: later than the transaction.",
    ]);
  });

  it('leaves out the transaction itself', () => {
    const { features, warnings } = prepare({
      customer: [bought('2026-05-19T12:00:00Z'), bought('2026-05-20T10:00:00Z', 20)],
    });
    expect(features).toEqual(prepare().features);
    expect(warnings).toEqual([
      "Left out 1 entry of the customer's history: the same time and amount as the transaction itself.",
    ]);
  });

  it('keeps what the model never saw within the training data, and says so', () => {
    const { features, warnings } = prepare({ amount: 1_000_000 });
    expect(features[0]).toBeCloseTo(Math.log1p(2_000));
    expect(warnings).toEqual(['The amount is 1000000, beyond the training data: it was scored as 2000.']);
  });
});
