import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { overlap, suppressNonMaxima, type Box } from './non-maximum-suppression.js';

const side = fc.integer({ min: 0, max: 50 });
const boxes = fc
  .tuple(side, side, side, side)
  .map(([x, y, width, height]): Box => ({ left: x, top: y, right: x + width + 1, bottom: y + height + 1 }));
const candidates = fc.array(
  fc.record({ label: fc.nat({ max: 2 }), score: fc.float({ min: 0, max: 1, noNaN: true }), box: boxes }),
  { maxLength: 20 },
);

describe('overlap', () => {
  it('is 1 for a box with itself, 0 for boxes apart, and the same both ways', () => {
    fc.assert(
      fc.property(boxes, boxes, (a, b) => {
        expect(overlap(a, a)).toBe(1);
        expect(overlap(a, b)).toBe(overlap(b, a));
        expect(overlap(a, { ...a, left: a.right, right: a.right + 5 })).toBe(0);
      }),
    );
  });

  it('is a third for boxes that share a half', () => {
    const box = { left: 0, top: 0, right: 10, bottom: 10 };
    expect(overlap(box, { ...box, left: 5, right: 15 })).toBeCloseTo(1 / 3);
  });
});

describe('suppressNonMaxima', () => {
  it('leaves no two of a label that overlap more than allowed, sorted, and hides none without a reason', () => {
    fc.assert(
      fc.property(candidates, (all) => {
        const kept = suppressNonMaxima(all, { maxOverlap: 0.4, maxCount: 100 });
        for (const [index, candidate] of kept.entries()) {
          const better = kept.slice(0, index);
          expect(better.every(({ score }) => score >= candidate.score)).toBe(true);
          const rivals = better.filter(({ label }) => label === candidate.label);
          expect(rivals.every(({ box }) => overlap(box, candidate.box) <= 0.4)).toBe(true);
        }
        for (const hidden of all.filter((candidate) => !kept.includes(candidate))) {
          const isHidden = kept.some(
            ({ label, score, box }) =>
              label === hidden.label && score >= hidden.score && overlap(box, hidden.box) > 0.4,
          );
          expect(isHidden).toBe(true);
        }
      }),
    );
  });
});
