import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { cutSegments, type SegmentRules } from './cut-segments.js';
import type { Span } from './speech-spans.js';

const rules: SegmentRules = { maxFrames: 100, maxPauseFrames: 20, paddingFrames: 5 };
const silence = new Float32Array(1_000);
const cut = (spans: Span[], probabilities: ArrayLike<number> = silence) =>
  cutSegments(spans, probabilities, rules);

describe('cutSegments', () => {
  it('widens speech, but not beyond the recording nor into its neighbour', () => {
    expect(cut([{ start: 2, end: 50 }])).toEqual([{ start: 0, end: 55 }]);
    expect(cut([{ start: 950, end: 998 }])).toEqual([{ start: 945, end: 1_000 }]);
    const close = [
      { start: 100, end: 180 },
      { start: 184, end: 260 },
    ];
    expect(cut(close)).toEqual([
      { start: 95, end: 182 },
      { start: 182, end: 265 },
    ]);
  });

  it('joins what fits into one segment', () => {
    const spans = [
      { start: 10, end: 40 },
      { start: 50, end: 90 },
      { start: 110, end: 140 },
    ];
    expect(cut(spans)).toEqual([
      { start: 5, end: 95 },
      { start: 105, end: 145 },
    ]);
  });

  it('always ends a segment at a long pause', () => {
    const spans = [
      { start: 10, end: 20 },
      { start: 60, end: 70 },
    ];
    expect(cut(spans)).toHaveLength(2);
  });

  it('cuts speech without a pause where it is least sure of it', () => {
    const probabilities = new Float32Array(1_000).fill(0.9);
    probabilities[170] = 0.6;
    expect(cut([{ start: 105, end: 250 }], probabilities)).toEqual([
      { start: 100, end: 170 },
      { start: 170, end: 255 },
    ]);
  });

  it('loses no speech, overlaps nothing and is never longer than allowed', () => {
    const gaps = fc.array(fc.tuple(fc.integer({ min: 10, max: 60 }), fc.integer({ min: 4, max: 300 })), {
      maxLength: 6,
    });
    fc.assert(
      fc.property(gaps, (lengths) => {
        const spans: Span[] = [];
        for (const [gap, length] of lengths) {
          const start = (spans.at(-1)?.end ?? 0) + gap;
          spans.push({ start, end: start + length });
        }
        const segments = cutSegments(spans, new Float32Array(3_000), rules);
        for (const [index, { start, end }] of segments.entries()) {
          expect(end - start).toBeLessThanOrEqual(rules.maxFrames);
          expect(start).toBeLessThan(end);
          expect(start).toBeGreaterThanOrEqual(segments[index - 1]?.end ?? 0);
        }
        const isHeard = (frame: number) => segments.some(({ start, end }) => start <= frame && frame < end);
        for (const { start, end } of spans) {
          for (let frame = start; frame < end; frame++) expect(isHeard(frame)).toBe(true);
        }
      }),
      { numRuns: 50 },
    );
  });
});
