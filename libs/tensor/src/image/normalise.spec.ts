import { describe, expect, it } from '@jest/globals';
import { tensor } from '../tensor.js';
import { normalisePixels, normalisePlanes } from './normalise.js';

const image = tensor('uint8', [1, 2, 3], Uint8Array.of(10, 20, 30, 40, 50, 60));
const scale = { mean: [0, 10, 20], std: [1, 2, 4] } as const;

describe('normalisePlanes', () => {
  it('makes planes of pixels, in the order that is asked for', () => {
    const rgb = normalisePlanes(image, { channels: 'rgb', ...scale });
    expect(rgb.shape).toEqual([1, 3, 1, 2]);
    expect([...rgb.data]).toEqual([10, 40, 5, 20, 2.5, 10]);
    const bgr = normalisePlanes(image, { channels: 'bgr', ...scale });
    expect([...bgr.data]).toEqual([30, 60, 5, 20, -2.5, 5]);
  });
});

describe('normalisePixels', () => {
  it('keeps the channels of a pixel together, in the order that is asked for', () => {
    const rgb = normalisePixels(image, { channels: 'rgb', ...scale });
    expect(rgb.shape).toEqual([1, 1, 2, 3]);
    expect([...rgb.data]).toEqual([10, 5, 2.5, 40, 20, 10]);
    const bgr = normalisePixels(image, { channels: 'bgr', ...scale });
    expect([...bgr.data]).toEqual([30, 5, -2.5, 60, 20, 5]);
  });
});
