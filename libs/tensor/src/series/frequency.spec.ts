import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  keptDayOfMonth,
  nearestStep,
  seasonCandidates,
  timeOfStep,
  type Frequency,
  type Grid,
} from './frequency.js';

const frequencies: Frequency[] = ['hour', 'day', 'week', 'month', 'quarter', 'year', 900];

function isoOfStep(start: string, frequency: Frequency, step: number): string {
  return new Date(timeOfStep({ startMs: Date.parse(start), frequency }, step)).toISOString();
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

  it('takes the day that it is told, where the start has it not', () => {
    const grid: Grid = { startMs: Date.parse('2024-02-29'), frequency: 'month', dayOfMonth: 31 };
    const days = [0, 1, 2, -1].map((step) => new Date(timeOfStep(grid, step)).toISOString().slice(0, 10));
    expect(days).toEqual(['2024-02-29', '2024-03-31', '2024-04-30', '2024-01-31']);
  });

  it('refuses seconds that lead nowhere', () => {
    expect(() => timeOfStep({ startMs: 0, frequency: 0 }, 1)).toThrow(RangeError);
    expect(() => timeOfStep({ startMs: 0, frequency: -60 }, 1)).toThrow(RangeError);
  });
});

describe('nearestStep', () => {
  it('is the inverse of timeOfStep', () => {
    const start = fc.integer({ min: 0, max: Date.UTC(2050, 0) });
    const step = fc.integer({ min: 0, max: 500 });
    fc.assert(
      fc.property(start, fc.constantFrom(...frequencies), step, (startMs, frequency, expected) => {
        const grid = { startMs, frequency };
        expect(nearestStep(grid, timeOfStep(grid, expected))).toBe(expected);
      }),
    );
  });

  it('rounds to the nearer month', () => {
    const grid: Grid = { startMs: Date.parse('2024-01-01T00:00:00Z'), frequency: 'month' };
    expect(nearestStep(grid, Date.parse('2024-02-27T00:00:00Z'))).toBe(2);
    expect(nearestStep(grid, Date.parse('2024-02-05T00:00:00Z'))).toBe(1);
  });
});

describe('keptDayOfMonth', () => {
  it.each([
    ['ends of months', ['2023-02-28', '2023-03-31', '2023-04-30'], 31],
    ['a start that is the end of its month', ['2023-04-30'], 31],
    ['the 28th', ['2023-02-28', '2023-03-28'], 28],
    ['the 30th, which February lacks', ['2023-01-30', '2023-02-28', '2023-03-30'], 30],
    ['a year before 100', ['0050-02-28', '0050-03-31'], 31],
  ])('of %s', (_, days, expected) => {
    expect(keptDayOfMonth(days.map((day) => Date.parse(day)))).toBe(expected);
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
