import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { nearestStep, seasonCandidates, timeOfStep, type Frequency } from './frequency.js';

const frequencies: Frequency[] = ['hour', 'day', 'week', 'month', 'quarter', 'year', 900];

function isoOfStep(start: string, frequency: Frequency, step: number): string {
  return new Date(timeOfStep(Date.parse(start), frequency, step)).toISOString();
}

describe('timeOfStep', () => {
  it('steps by the calendar', () => {
    expect(isoOfStep('2024-01-15T06:00:00Z', 'month', 13)).toBe('2025-02-15T06:00:00.000Z');
    expect(isoOfStep('2024-01-15T00:00:00Z', 'quarter', -1)).toBe('2023-10-15T00:00:00.000Z');
    expect(isoOfStep('2024-12-30T00:00:00Z', 'week', 1)).toBe('2025-01-06T00:00:00.000Z');
  });

  it('takes the last day of a shorter month, and is back on its own day in the next', () => {
    expect(isoOfStep('2024-01-31T00:00:00Z', 'month', 1)).toBe('2024-02-29T00:00:00.000Z');
    expect(isoOfStep('2024-01-31T00:00:00Z', 'month', 2)).toBe('2024-03-31T00:00:00.000Z');
    expect(isoOfStep('2024-02-29T00:00:00Z', 'year', 1)).toBe('2025-02-28T00:00:00.000Z');
  });

  it('refuses seconds that lead nowhere', () => {
    expect(() => timeOfStep(0, 0, 1)).toThrow(RangeError);
    expect(() => timeOfStep(0, -60, 1)).toThrow(RangeError);
  });
});

describe('nearestStep', () => {
  it('is the inverse of timeOfStep', () => {
    const start = fc.integer({ min: 0, max: Date.UTC(2050, 0) });
    const step = fc.integer({ min: 0, max: 500 });
    fc.assert(
      fc.property(start, fc.constantFrom(...frequencies), step, (startMs, frequency, expected) => {
        expect(nearestStep(startMs, frequency, timeOfStep(startMs, frequency, expected))).toBe(expected);
      }),
    );
  });

  it('rounds to the nearer month', () => {
    const start = Date.parse('2024-01-01T00:00:00Z');
    expect(nearestStep(start, 'month', Date.parse('2024-02-27T00:00:00Z'))).toBe(2);
    expect(nearestStep(start, 'month', Date.parse('2024-02-05T00:00:00Z'))).toBe(1);
  });
});

describe('seasonCandidates', () => {
  it.each<[Frequency, number[]]>([
    ['hour', [24, 168]],
    ['day', [7, 365]],
    ['week', [52]],
    ['month', [12]],
    ['quarter', [4]],
    ['year', []],
    [900, [4, 96]],
    [3_600, [24, 168]],
    [7 * 86_400, [52]],
    [7_000, []],
  ])('of %s are %j', (frequency, seasons) => {
    expect(seasonCandidates(frequency)).toEqual(seasons);
  });
});
