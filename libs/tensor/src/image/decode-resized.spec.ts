import { describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { centreCrop } from './centre-crop.js';
import { decodeImage } from './decode-image.js';
import { decodeResized, type Resampling } from './decode-resized.js';
import { containSize, coverSize } from './fit-size.js';
import { paint } from './painting.fixture.js';
import { resize } from './resize.js';

const WHOLE = { width: 640, height: 400 };
const SMALL = { width: 64, height: 40 };

/** A JPEG without hard edges, as a photo has few. */
async function photo(orientation = 1): Promise<Buffer> {
  const { width, height } = WHOLE;
  const picture = resize(paint(80, 50), WHOLE);
  const raw = { raw: { width, height, channels: 3 as const } };
  return sharp(picture.data, raw).jpeg({ quality: 95 }).withMetadata({ orientation }).toBuffer();
}

const meanDifference = (left: Uint8Array, right: Uint8Array) =>
  left.reduce((sum, value, index) => sum + Math.abs(value - (right[index] as number)), 0) / left.length;

describe('decodeResized', () => {
  it.each(['bilinear', 'bicubic', 'box'] as const)('exact: decodes, then resizes by %s', async (filter) => {
    const file = await photo();
    const { pixels, width, height } = await decodeResized(file, () => SMALL, { mode: 'exact', filter });
    expect({ width, height }).toEqual(WHOLE);
    expect(pixels).toEqual(resize((await decodeImage(file)).pixels, SMALL, filter));
  });

  it.each(['bilinear', 'bicubic'] as const)('fast: comes near to exact by %s', async (filter) => {
    const file = await photo();
    const [fast, exact] = await Promise.all(
      (['fast', 'exact'] as const).map((mode) => decodeResized(file, () => SMALL, { mode, filter })),
    );
    expect(fast?.pixels.shape).toEqual([40, 64, 3]);
    expect(meanDifference(fast!.pixels.data, exact!.pixels.data)).toBeLessThan(2);
  });

  it('fast: enlarges as exact does', async () => {
    const file = await photo();
    const size = () => ({ width: 700, height: 40 });
    const [fast, exact] = await Promise.all(
      (['fast', 'exact'] as const).map((mode) => decodeResized(file, size, { mode, filter: 'bilinear' })),
    );
    expect(fast?.pixels.shape).toEqual([40, 700, 3]);
    expect(meanDifference(fast!.pixels.data, exact!.pixels.data)).toBeLessThan(2);
  });

  it.each<Resampling>([
    { mode: 'exact', filter: 'bilinear' },
    { mode: 'fast', filter: 'bilinear' },
  ])('turns a picture that lies on its side, $mode', async (resampling) => {
    const image = await decodeResized(
      await photo(6),
      ({ width, height }) => ({ width: width / 10, height: height / 10 }),
      resampling,
    );
    expect(image).toMatchObject({ width: 400, height: 640, orientation: 6 });
    const upright = (await decodeImage(await photo(6))).pixels;
    const expected = resize(upright, { width: 40, height: 64 });
    expect(meanDifference(image.pixels.data, expected.data)).toBeLessThan(2);
  });
});

describe('containSize and coverSize', () => {
  it('keep the shape, inside and outside the frame', () => {
    const frame = { width: 224, height: 224 };
    expect(containSize(WHOLE, frame)).toEqual({ width: 224, height: 140 });
    expect(coverSize(WHOLE, frame)).toEqual({ width: 358, height: 224 });
    expect(containSize({ width: 1000, height: 1 }, frame)).toEqual({ width: 224, height: 1 });
  });
});

describe('centreCrop', () => {
  it('cuts out the middle', () => {
    const cropped = centreCrop(paint(7, 6), { width: 4, height: 2 });
    expect(cropped.shape).toEqual([2, 4, 3]);
    const rows = [2, 3].flatMap((y) => [...paint(7, 6).data.subarray((y * 7 + 1) * 3, (y * 7 + 5) * 3)]);
    expect([...cropped.data]).toEqual(rows);
  });

  it('gives the picture itself back, and refuses to invent pixels', () => {
    const image = paint(7, 6);
    expect(centreCrop(image, { width: 7, height: 6 })).toBe(image);
    expect(() => centreCrop(image, { width: 8, height: 6 })).toThrow(
      "8 x 6 pixels can't be cut out of 7 x 6: resize the picture first.",
    );
  });
});
