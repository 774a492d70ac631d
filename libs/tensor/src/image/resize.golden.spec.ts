import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { tensor } from '../tensor.js';
import type { Filter } from './filter-taps.js';
import { paint } from './painting.fixture.js';
import { resize } from './resize.js';

interface Case {
  filter: Filter;
  from: [number, number];
  width: number;
  height: number;
  /** Base64 of RGB bytes. */
  pixels: string;
  /** The most that a byte may differ. */
  tolerance: number;
}

const golden = JSON.parse(readFileSync(new URL('golden/resize.json', import.meta.url), 'utf8')) as {
  reference: string;
  cases: Case[];
};

/** The largest difference of two lists of bytes. */
function worst(left: Uint8Array, right: Uint8Array): number {
  expect(left.length).toBe(right.length);
  return left.reduce((most, value, index) => Math.max(most, Math.abs(value - (right[index] as number))), 0);
}

describe(`resize gives the bytes of ${golden.reference}`, () => {
  it.each(golden.cases)('$filter, from $from to $width x $height', (expected) => {
    const resized = resize(paint(...expected.from), expected, expected.filter);
    expect(resized.shape).toEqual([expected.height, expected.width, 3]);
    expect(worst(resized.data, Buffer.from(expected.pixels, 'base64'))).toBeLessThanOrEqual(
      expected.tolerance,
    );
  });
});

describe('resize', () => {
  it('gives the picture itself back when nothing is to be done', () => {
    const image = paint(7, 5);
    expect(resize(image, { width: 7, height: 5 })).toBe(image);
  });

  it('makes of RGB what it makes of its channels, to 1 where it shrinks a lot', () => {
    const widths = fc.tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 200 }));
    const pixels = fc.infiniteStream(fc.integer({ min: 0, max: 255 }));
    fc.assert(
      fc.property(widths, pixels, ([width, oldWidth], bytes) => {
        const stream = bytes[Symbol.iterator]();
        const data = Uint8Array.from({ length: oldWidth * 6 }, () => stream.next().value as number);
        const resized = resize(tensor('uint8', [2, oldWidth, 3], data), { width, height: 2 });
        for (let channel = 0; channel < 3; channel++) {
          const isOf = (_: number, index: number) => index % 3 === channel;
          const grey = tensor('uint8', [2, oldWidth, 1], data.filter(isOf));
          const tolerance = oldWidth >= 4 * width && oldWidth > width ? 1 : 0;
          const alone = resize(grey, { width, height: 2 }).data;
          expect(worst(resized.data.filter(isOf), alone)).toBeLessThanOrEqual(tolerance);
        }
      }),
    );
  });

  it.each([
    [[0, 4, 3], { width: 2, height: 2 }],
    [[4, 4, 3], { width: 0, height: 2 }],
    [[4, 4, 3], { width: 2, height: 1.5 }],
    [[4, 12], { width: 2, height: 2 }],
  ])('refuses %j to %j', (shape, size) => {
    const image = tensor('uint8', shape, new Uint8Array(shape.reduce((a, b) => a * b)));
    expect(() => resize(image, size)).toThrow(expect.objectContaining({ code: 'invalid_shape' }));
  });
});
