import { describe, expect, it } from '@jest/globals';
import { timeOfStep, type Frequency } from './frequency.js';
import { inferFrequency } from './infer-frequency.js';

const startMs = Date.parse('2024-01-31T00:00:00Z');

describe('inferFrequency', () => {
  it.each<Frequency>(['hour', 'day', 'week', 'month', 'quarter', 'year', 900, 7_200, 2 * 86_400, 777])(
    'knows steps of %s',
    (frequency) => {
      const times = Array.from({ length: 20 }, (_, step) => timeOfStep({ startMs, frequency }, step));
      expect(inferFrequency(times)).toBe(frequency);
      expect(inferFrequency([...times].reverse())).toBe(frequency);
      const withGaps = times.filter((_, step) => step % 5 !== 3);
      expect(inferFrequency(withGaps)).toBe(frequency);
    },
  );

  it('sees through a clock that jitters, times that are there twice, and days of summer time', () => {
    expect(inferFrequency([0, 898_000, 1_802_000, 2_700_000])).toBe(900);
    expect(inferFrequency([0, 0, 0, 0, 3_600_000])).toBe('hour');
    expect(inferFrequency([0, 23, 46].map((hours) => hours * 3_600_000))).toBe('day');
  });

  it.each([[[]], [[5]], [[5, 5]]])('knows nothing of %j', (times) => {
    expect(inferFrequency(times)).toBeUndefined();
  });
});
