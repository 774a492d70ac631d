import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { toWindows } from './token-windows.js';

const frame = { first: 101, last: 102, length: 8 };

describe('toWindows', () => {
  it('frames a short text once', () => {
    expect(toWindows([7, 8], frame)).toEqual([[101, 7, 8, 102]]);
  });

  it('gives one window for no piece at all', () => {
    expect(toWindows([], frame)).toEqual([[101, 102]]);
  });

  it('cuts into windows of like length', () => {
    expect(toWindows([1, 2, 3, 4, 5, 6, 7], frame)).toEqual([
      [101, 1, 2, 3, 102],
      [101, 4, 5, 6, 7, 102],
    ]);
  });

  it('loses no piece, repeats none, and never exceeds the length', () => {
    fc.assert(
      fc.property(fc.array(fc.nat()), fc.integer({ min: 3, max: 20 }), (ids, length) => {
        const windows = toWindows(ids, { ...frame, length });
        expect(windows.flatMap((window) => window.slice(1, -1))).toEqual(ids);
        for (const window of windows) expect(window.length).toBeLessThanOrEqual(length);
        const sizes = windows.map((window) => window.length);
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('refuses a length without room', () => {
    expect(() => toWindows([1], { ...frame, length: 2 })).toThrow(RangeError);
  });
});
