import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { decodeImage } from './decode-image.js';

interface Case {
  name: string;
  /** Base64 of the encoded picture. */
  file: string;
  width: number;
  height: number;
  /** Base64 of RGB bytes. */
  pixels: string;
  /** The most that a value may differ. */
  tolerance: number;
  orientation?: number;
  frames?: number;
  hadAlpha?: boolean;
}

const golden = JSON.parse(readFileSync(new URL('golden/decode-image.json', import.meta.url), 'utf8')) as {
  reference: string;
  cases: Case[];
};

describe(`decodeImage gives the pixels of ${golden.reference}`, () => {
  it.each(golden.cases)('of a $name', async (expected) => {
    const image = await decodeImage(Buffer.from(expected.file, 'base64'));
    expect(image).toMatchObject({
      width: expected.width,
      height: expected.height,
      orientation: expected.orientation ?? 1,
      frames: expected.frames ?? 1,
      hadAlpha: expected.hadAlpha ?? false,
      isDamaged: false,
    });
    expect(image.pixels.shape).toEqual([expected.height, expected.width, 3]);
    const reference = Buffer.from(expected.pixels, 'base64');
    const differences = image.pixels.data.map((value, index) => Math.abs(value - (reference[index] ?? -1)));
    expect(Math.max(...differences)).toBeLessThanOrEqual(expected.tolerance);
  });
});
