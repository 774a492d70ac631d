import { tensor, type Tensor } from '../tensor.js';

/**
 * Rounds to the nearest half-precision numbers, to the even one of two that are as near; from 65520 on to infinity.
 *
 * @source IEEE 754-2019, section 5.4.2; NaN keeps the payload's upper bits, as in numpy
 */
export function toFloat16({ shape, data }: Tensor<'float32'>): Tensor<'float16'> {
  const words = new Uint32Array(data.buffer, data.byteOffset, data.length);
  const halves = new Uint16Array(data.length);
  for (let i = 0; i < halves.length; i++) halves[i] = halfOf(words[i] as number);
  return tensor('float16', shape, halves);
}

/** The same numbers in single precision: every half is one. */
export function toFloat32({ shape, data }: Tensor<'float16'>): Tensor<'float32'> {
  const words = new Uint32Array(data.length);
  for (let i = 0; i < words.length; i++) words[i] = singleOf(data[i] as number);
  return tensor('float32', shape, new Float32Array(words.buffer));
}

const SINGLE_INFINITY = 0x7f80_0000;
/** The least single that rounds to no finite half: 65520. */
const OVERFLOW = 0x477f_f000;
/** 2^-14, the least half that is not subnormal. */
const LEAST_NORMAL = 0x3880_0000;
/** 2^-25, half of the least half. */
const UNDERFLOW = 0x3300_0000;
/** A single has 13 bits more of fraction, and its exponent counts from 112 less. */
const EXTRA_BITS = 13;
const BIAS = 112 << 23;

/** @param word The bits of a single. */
function halfOf(word: number): number {
  const sign = (word >>> 16) & 0x8000;
  const size = word & 0x7fff_ffff;
  if (size > SINGLE_INFINITY) return sign | 0x7c00 | ((size >>> EXTRA_BITS) & 0x3ff || 1);
  if (size >= OVERFLOW) return sign | 0x7c00;
  if (size >= LEAST_NORMAL) return sign | roundOff(size - BIAS, EXTRA_BITS);
  if (size <= UNDERFLOW) return sign;
  return sign | roundOff((size & 0x7f_ffff) | 0x80_0000, 126 - (size >>> 23));
}

/** `value` without its last bits, to the nearest, ties to even. */
function roundOff(value: number, bits: number): number {
  return (value + (1 << (bits - 1)) - 1 + ((value >>> bits) & 1)) >>> bits;
}

/** @param half The bits of a half. @returns The bits of the single of the same value. */
function singleOf(half: number): number {
  const sign = (half & 0x8000) << 16;
  const size = half & 0x7fff;
  if (size >= 0x7c00) return sign | SINGLE_INFINITY | ((size & 0x3ff) << EXTRA_BITS);
  if (size >= 0x0400) return sign | ((size << EXTRA_BITS) + BIAS);
  if (size === 0) return sign;
  // A subnormal half is a normal single: its highest bit goes where the one stands that is not written.
  const shift = Math.clz32(size) - 8;
  return sign | ((size << shift) & 0x7f_ffff) | ((126 - shift) << 23);
}
