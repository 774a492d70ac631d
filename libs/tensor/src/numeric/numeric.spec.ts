import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { argmax } from './argmax.js';
import { l2Normalise } from './l2-normalise.js';
import { softmax } from './softmax.js';

const finite = fc.double({ min: -1e6, max: 1e6, noNaN: true });
const vectors = fc.array(finite, { minLength: 1, maxLength: 20 });

describe('softmax', () => {
  it('sums to 1, keeps the order, and does not mind a constant', () => {
    fc.assert(
      fc.property(vectors, finite, (values, constant) => {
        const probabilities = softmax(values);
        expect(probabilities.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 9);
        expect(probabilities[argmax(values)]).toBe(Math.max(...probabilities));
        softmax(values.map((value) => value + constant)).forEach((value, index) =>
          expect(value).toBeCloseTo(probabilities[index] as number, 6),
        );
      }),
    );
  });

  // exp(x - 3) / sum of it, in Python's float64; absolute tolerance 1e-15.
  it('equals the reference', () => {
    const expected = [0.09003057317038046, 0.24472847105479764, 0.6652409557748218];
    softmax([1, 2, 3]).forEach((value, index) => expect(value).toBeCloseTo(expected[index] as number, 15));
  });

  it('stays finite for logits past the range of exp', () => {
    expect(Array.from(softmax([1e4, -1e4]))).toEqual([1, 0]);
    expect(softmax([])).toHaveLength(0);
  });
});

describe('argmax', () => {
  it('finds the first of the largest', () => {
    fc.assert(fc.property(vectors, (values) => argmax(values) === values.indexOf(Math.max(...values))));
  });

  it.each([[[]], [[1, NaN]], [[NaN]]])('refuses %j', (values) => {
    expect(() => argmax(values)).toThrow(expect.objectContaining({ code: 'out_of_range' }));
  });
});

describe('l2Normalise', () => {
  it('gives length 1 and the same direction', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -100, max: 100 }), { minLength: 1 }), (values) => {
        fc.pre(values.some((value) => value !== 0));
        const unit = l2Normalise(Float32Array.from(values));
        expect(Math.hypot(...unit)).toBeCloseTo(1, 5);
        const length = Math.hypot(...values);
        unit.forEach((value, index) => expect(value * length).toBeCloseTo(values[index] as number, 3));
      }),
    );
  });

  it('leaves zeros as they are', () => {
    expect(Array.from(l2Normalise(new Float32Array(3)))).toEqual([0, 0, 0]);
  });
});
