import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { paint } from './painting.fixture.js';
import { resizeBilinear } from './resize-bilinear.js';

interface Case {
  from: [number, number];
  width: number;
  height: number;
  /** Base64 of RGB bytes. */
  pixels: string;
}

const golden = JSON.parse(readFileSync(new URL('golden/resize-bilinear.json', import.meta.url), 'utf8')) as {
  reference: string;
  cases: Case[];
};

describe(`resizeBilinear gives the bytes of ${golden.reference}`, () => {
  it.each(golden.cases)('from $from to $width x $height', ({ from, width, height, pixels }) => {
    const resized = resizeBilinear(paint(...from), { width, height });
    expect(resized.shape).toEqual([height, width, 3]);
    expect(Buffer.from(resized.data).toString('base64')).toBe(pixels);
  });
});

describe('resizeBilinear', () => {
  it('gives the picture itself back when nothing is to be done', () => {
    const image = paint(7, 5);
    expect(resizeBilinear(image, { width: 7, height: 5 })).toBe(image);
  });
});
