import { describe, expect, it } from '@jest/globals';
import { nextTime } from './cron-times.js';

const next = (expression: string, zone: string, after: string): string | undefined =>
  nextTime(expression, zone, new Date(after))?.toISOString();

describe('nextTime', () => {
  it('keeps to the clocks of its time zone', () => {
    expect(next('0 8 * * *', 'Europe/Berlin', '2026-03-28T12:00:00Z')).toBe('2026-03-29T06:00:00.000Z');
    expect(next('0 8 * * *', 'Europe/Berlin', '2026-03-27T12:00:00Z')).toBe('2026-03-28T07:00:00.000Z');
    expect(next('30 5 * * 1-5', 'Asia/Kolkata', '2026-11-27T01:00:00Z')).toBe('2026-11-30T00:00:00.000Z');
    expect(next('@daily', 'UTC', '2026-11-27T01:00:00Z')).toBe('2026-11-28T00:00:00.000Z');
  });

  it('fires once in the hour that comes twice', () => {
    const first = next('30 2 * * *', 'Europe/Berlin', '2026-10-24T12:00:00Z') ?? '';
    expect(['2026-10-25T00:30:00.000Z', '2026-10-25T01:30:00.000Z']).toContain(first);
    expect(next('30 2 * * *', 'Europe/Berlin', first)).toBe('2026-10-26T01:30:00.000Z');
  });

  it('refuses seconds, nonsense and zones that are none', () => {
    const refused = (pointer: string) =>
      expect.objectContaining({ code: 'invalid_input', errors: [expect.objectContaining({ pointer })] });
    for (const expression of ['* * * * * *', '*/5 * * * * *', 'every day', '61 * * * *', '']) {
      expect(() => next(expression, 'UTC', '2026-01-01T00:00:00Z')).toThrow(refused('/cron'));
    }
    expect(() => next('* * * * *', 'Mars/Olympus', '2026-01-01T00:00:00Z')).toThrow(refused('/timeZone'));
    expect(next('0 0 30 2 *', 'UTC', '2026-01-01T00:00:00Z')).toBeUndefined();
  });
});
