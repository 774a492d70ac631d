import { describe, expect, it } from '@jest/globals';
import { balanceAt, meanAveragePrecision } from './average-precision.mjs';

/** @type {(photo: string, label: number, left: number, width?: number) => import('./average-precision.mjs').Truth} */
const truth = (photo, label, left, width = 10) => ({ photo, label, box: [left, 0, left + width, 10] });
/** @type {(box: import('./average-precision.mjs').Truth, score: number) => import('./average-precision.mjs').Found} */
const found = (box, score) => ({ ...box, score });

const cat = truth('a', 0, 0);
const otherCat = truth('b', 0, 50);
const dog = truth('a', 1, 30);

describe('meanAveragePrecision', () => {
  it('is 1 for the true boxes, 0 for none', () => {
    const truths = [cat, otherCat, dog];
    const perfect = truths.map((box, index) => found(box, 0.9 - index / 10));
    expect(meanAveragePrecision(truths, perfect)).toEqual({ map: 1, map50: 1 });
    expect(meanAveragePrecision(truths, [])).toEqual({ map: 0, map50: 0 });
  });

  it('counts a second box on one object, and a box of another photo, as false', () => {
    const boxes = [found(cat, 0.9), found(cat, 0.8), found({ ...otherCat, photo: 'c' }, 0.7)];
    // Recall 0.5 at precision 1: 51 of the 101 recalls.
    expect(meanAveragePrecision([cat, otherCat], boxes).map50).toBeCloseTo(51 / 101);
  });

  it('takes the best precision at that recall or a higher one', () => {
    const boxes = [found(truth('a', 0, 200), 0.9), found(cat, 0.8), found(otherCat, 0.7)];
    expect(meanAveragePrecision([cat, otherCat], boxes).map50).toBeCloseTo(2 / 3);
  });

  it('asks for more overlap, step by step', () => {
    // 8 of 10 pixels: an overlap of 0.8, which passes 0.50 to 0.80, seven of ten.
    const { map, map50 } = meanAveragePrecision([cat], [found(truth('a', 0, 0, 8), 0.9)]);
    expect(map50).toBe(1);
    expect(map).toBeCloseTo(0.7);
  });
});

describe('balanceAt', () => {
  it('leaves out what scores less', () => {
    const boxes = [found(cat, 0.9), found(truth('a', 1, 200), 0.5), found(otherCat, 0.1)];
    expect(balanceAt([cat, otherCat], boxes, 0.4)).toEqual({ precision: 0.5, recall: 0.5 });
  });
});
