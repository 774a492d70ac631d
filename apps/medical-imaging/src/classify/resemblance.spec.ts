import { describe, expect, it } from '@jest/globals';
import { golden, preprocessing } from './golden.fixture.js';
import { classifierInput } from './preprocess.js';
import { resemblance, toBlocks } from './resemblance.js';

const { meanFilm } = classifierInput.parse(preprocessing);
const chest = new Uint8Array(Buffer.from(golden.cases[0]?.pixels ?? '', 'base64'));

describe('resemblance', () => {
  it('is 1 with itself, and -1 with its negative, at any exposure', () => {
    const own = toBlocks(chest);
    expect(resemblance(chest, own)).toBeCloseTo(1);
    const fainter = chest.map((value) => 40 + Math.round(value / 2));
    expect(resemblance(fainter, own)).toBeCloseTo(1, 2);
    const negative = chest.map((value) => 255 - value);
    expect(resemblance(negative, own)).toBeCloseTo(-1);
  });

  it('tells a painted chest from its negative, and sees nothing in one shade', () => {
    expect(resemblance(chest, meanFilm)).toBeGreaterThan(0.4);
    expect(
      resemblance(
        chest.map((value) => 255 - value),
        meanFilm,
      ),
    ).toBeLessThan(-0.4);
    expect(resemblance(new Uint8Array(28 * 28).fill(90), meanFilm)).toBe(0);
  });
});
