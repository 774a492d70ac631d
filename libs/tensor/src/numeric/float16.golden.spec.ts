import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { tensor } from '../tensor.js';
import { toFloat16, toFloat32 } from './float16.js';

const golden = JSON.parse(readFileSync(new URL('golden/float16.json', import.meta.url), 'utf8')) as {
  reference: string;
  /** SHA-256 of the singles that all finite and infinite halves make, in the order of their bits. */
  singlesSha256: string;
  /** The bits of singles, and of the halves that they round to: without tolerance. */
  singles: number[];
  halves: number[];
};

const isNotANumber = (half: number) => (half & 0x7fff) > 0x7c00;
const all = Uint16Array.from({ length: 2 ** 16 }, (_, half) => half);

describe(`halves have the bits of ${golden.reference}`, () => {
  it('of singles, rounded', () => {
    const singles = new Float32Array(Uint32Array.from(golden.singles).buffer);
    const { data } = toFloat16(tensor('float32', [singles.length], singles));
    expect([...data]).toEqual(golden.halves);
  });

  it('as singles, all of them', () => {
    const numbers = all.filter((half) => !isNotANumber(half));
    const { data } = toFloat32(tensor('float16', [numbers.length], numbers));
    const bytes = new Uint8Array(data.buffer);
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(golden.singlesSha256);
  });
});

describe('toFloat16 and toFloat32', () => {
  it('are each other in reverse, for NaN with its payload too', () => {
    const { data } = toFloat16(toFloat32(tensor('float16', [2 ** 16], all)));
    expect(data).toEqual(all);
  });

  it('take a part of a buffer', () => {
    const part = Float32Array.of(1, 2, 3).subarray(1);
    expect(toFloat16(tensor('float32', [2], part)).data).toEqual(Uint16Array.of(0x4000, 0x4200));
  });
});
