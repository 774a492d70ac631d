import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { letterbox } from './letterbox.js';
import { paint } from './painting.fixture.js';
import { resize } from './resize.js';

describe('letterbox', () => {
  it('lays a wide picture into the middle, between bars', () => {
    const image = paint(20, 10);
    const { pixels, content } = letterbox(image, { width: 10, height: 10 }, 7);
    expect(content).toEqual({ left: 0, top: 2, width: 10, height: 5 });
    expect(pixels.shape).toEqual([10, 10, 3]);
    const rows = (from: number, to: number) => [...pixels.data.subarray(from * 30, to * 30)];
    expect(rows(2, 7)).toEqual([...resize(image, { width: 10, height: 5 }).data]);
    expect(new Set([...rows(0, 2), ...rows(7, 10)])).toEqual(new Set([7]));
  });

  it('fits any shape into any frame, and touches two of its sides', () => {
    const side = fc.integer({ min: 1, max: 40 });
    fc.assert(
      fc.property(side, side, side, side, (width, height, frameWidth, frameHeight) => {
        const { content } = letterbox(paint(width, height), { width: frameWidth, height: frameHeight });
        expect(content.left + content.width).toBeLessThanOrEqual(frameWidth);
        expect(content.top + content.height).toBeLessThanOrEqual(frameHeight);
        expect(content.width === frameWidth || content.height === frameHeight).toBe(true);
      }),
    );
  });
});
