import { describe, expect, it } from '@jest/globals';
import { readTime } from './read-time.js';

describe('readTime', () => {
  it('reads the clock where the transaction was made, and the moment in UTC', () => {
    // Saturday 23:30 in New York is Sunday 3:30 in UTC.
    expect(readTime('2026-05-23T23:30:00-04:00')).toEqual({
      atMs: Date.UTC(2026, 4, 24, 3, 30),
      isWeekend: true,
      isNight: false,
    });
    // Monday 1:00 in Kolkata is still Sunday in UTC.
    expect(readTime('2026-05-25T01:00:00+05:30')).toMatchObject({ isWeekend: false, isNight: true });
  });

  it.each([
    ['2026-05-22T23:59:59Z', false, false],
    ['2026-05-23T00:00:00Z', true, true],
    ['2026-05-24T06:59:59.999Z', true, true],
    ['2026-05-24T07:00:00Z', true, false],
    ['2026-05-25T00:00:00Z', false, true],
  ])('%s: weekend %s, night %s', (iso, isWeekend, isNight) => {
    expect(readTime(iso)).toMatchObject({ isWeekend, isNight });
  });
});
