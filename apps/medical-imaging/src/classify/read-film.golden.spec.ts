import { describe, expect, it } from '@jest/globals';
import { golden } from './golden.fixture.js';
import { readFilm } from './read-film.js';

describe(`readFilm makes the pixels of ${golden.reference}`, () => {
  it.each(golden.cases)('of $name', async ({ file, pixels }) => {
    const film = await readFilm({ bytes: Buffer.from(file, 'base64'), type: '' }, 28);
    const expected = Buffer.from(pixels, 'base64');
    const differences = expected.map((value, index) => Math.abs(value - (film.pixels[index] ?? NaN)));
    expect(film.pixels).toHaveLength(28 * 28);
    // Where a shade lies between two, programs round it to either.
    expect(Math.max(...differences)).toBeLessThanOrEqual(1);
  });
});
