import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { detectorInput, preprocess } from './preprocess.js';

const read = (path: string): unknown => JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'));
const golden = read('golden/preprocess.json') as {
  reference: string;
  width: number;
  height: number;
  sum: number;
  /** Plane, row, column. */
  values: { at: [number, number, number]; value: number }[];
};
const manifest = read('../../models/nanodet.json') as { preprocessing: unknown };
const frame = detectorInput.parse(manifest.preprocessing);

/** The picture that tools/golden/nanodet.py paints. */
function painting(width: number, height: number): Promise<Buffer> {
  const pixels = Array.from({ length: width * height }, (_, index) => {
    const x = index % width;
    const y = Math.floor(index / width);
    return [(x * 5 + y) % 256, (x + y * 3) % 256, (x * y) % 256];
  });
  const raw = { raw: { width, height, channels: 3 as const } };
  return sharp(Uint8Array.from(pixels.flat()), raw).png().toBuffer();
}

describe(`preprocess, against ${golden.reference}`, () => {
  it('makes the same planes', async () => {
    const { input, content } = await preprocess(await painting(golden.width, golden.height), frame);
    expect(input.shape).toEqual([1, 3, frame.height, frame.width]);
    expect(content).toEqual({ left: 0, top: 121, width: 416, height: 173 });
    for (const { at, value } of golden.values) {
      const [plane, y, x] = at;
      expect(input.data[(plane * frame.height + y) * frame.width + x]).toBeCloseTo(value, 5);
    }
    const sum = input.data.reduce((total, value) => total + value, 0);
    expect(Math.abs(sum - golden.sum)).toBeLessThan(1);
  });
});
