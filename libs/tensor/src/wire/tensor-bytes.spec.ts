import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { stringTensor, textsOf, type StringTensor } from '../string-tensor.js';
import { bytesOf, elementCount, ELEMENT_ARRAYS, tensor, zeros, type DType } from '../tensor.js';
import { decodeTensor, encodeTensor } from './tensor-bytes.js';

const shapes = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 4 });

/** Tensors of any dtype and any bits. */
const tensors = fc
  .tuple(fc.constantFrom(...(Object.keys(ELEMENT_ARRAYS) as DType[])), shapes, fc.infiniteStream(fc.nat(255)))
  .map(([dtype, shape, stream]) => {
    const value = zeros(dtype, shape);
    const bytes = stream[Symbol.iterator]();
    const top = dtype === 'bool' ? 2 : 256;
    bytesOf(value).forEach((_, index, all) => (all[index] = (bytes.next().value as number) % top));
    return value;
  });

const stringTensors = shapes.chain((shape) => {
  const length = elementCount(shape);
  const texts = fc.array(fc.string({ unit: 'grapheme' }), { minLength: length, maxLength: length });
  return texts.map((values) => stringTensor(shape, values));
});

/** The same bytes, `offset` bytes into a longer buffer. */
function shifted(bytes: Uint8Array, offset: number): Uint8Array {
  const longer = new Uint8Array(bytes.length + offset);
  longer.set(bytes, offset);
  return longer.subarray(offset);
}

describe('encodeTensor and decodeTensor', () => {
  it('are each other in reverse, wherever the bytes lie', () => {
    fc.assert(
      fc.property(tensors, fc.nat(9), (value, offset) => {
        const decoded = decodeTensor(shifted(encodeTensor(value), offset));
        expect({ dtype: decoded.dtype, shape: decoded.shape }).toEqual({
          dtype: value.dtype,
          shape: value.shape,
        });
        expect(decoded.data.constructor).toBe(value.data.constructor);
        expect(bytesOf(decoded as typeof value)).toEqual(bytesOf(value));
      }),
    );
  });

  it('are each other in reverse for texts', () => {
    fc.assert(
      fc.property(stringTensors, fc.nat(9), (value, offset) => {
        expect(decodeTensor(shifted(encodeTensor(value), offset))).toEqual(value);
      }),
    );
  });

  it('read a Buffer as any other bytes', () => {
    const texts = stringTensor([1], ['é']);
    const numbers = tensor('float32', [2], Float32Array.of(1, 2));
    for (const value of [texts, numbers]) {
      const bytes = Buffer.from(shifted(encodeTensor(value), 0).buffer);
      expect(decodeTensor(bytes)).toStrictEqual(value);
      expect(decodeTensor(Buffer.from(shifted(bytes, 1).buffer, 1))).toStrictEqual(value);
    }
  });

  it('writes what is documented', () => {
    const bytes = encodeTensor(tensor('int16', [1, 2], Int16Array.of(1, -2)));
    expect(Buffer.from(bytes).toString('hex')).toBe(
      `${Buffer.from('GTEN').toString('hex')}01060200${'01'.padEnd(16, '0')}${'02'.padEnd(16, '0')}0100feff`,
    );
  });

  it('does not copy what is aligned', () => {
    const bytes = encodeTensor(zeros('float64', [3]));
    expect(decodeTensor(bytes).data.buffer).toBe(bytes.buffer);
    const askew = shifted(bytes, 4);
    expect(decodeTensor(askew).data.buffer).not.toBe(askew.buffer);
  });
});

describe('decodeTensor', () => {
  const good = encodeTensor(zeros('float32', [2, 3]));
  const texts = encodeTensor(stringTensor([2], ['ab', 'é']));
  const changed = (bytes: Uint8Array, offset: number, ...values: number[]) => {
    const copy = bytes.slice();
    copy.set(values, offset);
    return copy;
  };

  it.each<[string, Uint8Array, string]>([
    ['nothing', new Uint8Array(0), 'do not begin with "GTEN"'],
    ['another magic', changed(good, 0, 0), 'do not begin with "GTEN"'],
    ['a version to come', changed(good, 4, 2), 'they are of version 2, and 1 is read'],
    ['an unknown dtype', changed(good, 5, 99), 'there is no dtype of number 99'],
    ['a byte that must be 0', changed(good, 7, 1), 'byte 7 of the header is not 0'],
    ['half a header', good.subarray(0, 20), 'they end within the header of 2 axes'],
    ['an axis past 2^53', changed(good, 14, 0xff), "can't be counted"],
    [
      'axes whose product overflows',
      changed(changed(good, 13, 1), 21, 1),
      'more elements than can be counted',
    ],
    ['more elements than bytes', changed(good, 8, 200), 'takes 2400 bytes behind the header, not 24'],
    ['a short body', good.subarray(0, -1), 'takes 24 bytes behind the header, not 23'],
    ['a long body', Uint8Array.of(...good, 0), 'takes 24 bytes behind the header, not 25'],
    ['a bool of 2', changed(encodeTensor(zeros('bool', [1])), 16, 2), 'a bool is neither 0 nor 1'],
    ['short offsets', texts.subarray(0, 24), 'they end within the offsets of 2 texts'],
    ['filling that is not 0', changed(texts, 28, 1), 'what fills up the offsets is not 0'],
    ['falling offsets', changed(texts, 20, 9), 'they rise from 0 to the end'],
    ['a first offset', changed(texts, 16, 1), 'they rise from 0 to the end'],
    [
      'texts cut short',
      texts.subarray(0, -1),
      'a string tensor of [2] takes 20 bytes behind the header, not 19',
    ],
    ['no UTF-8', changed(texts, 34, 0xff), 'Text 1 is no valid UTF-8'],
  ])('refuses %s', (_, bytes, message) => {
    expect(() => decodeTensor(bytes)).toThrow(message);
    expect(() => decodeTensor(bytes)).toThrow(
      expect.objectContaining({ name: 'TensorError', code: 'malformed' }),
    );
  });

  it('gives a tensor or a TensorError, whatever it gets', () => {
    const start = fc.constantFrom(good, texts);
    const changes = fc.array(fc.tuple(fc.nat(40), fc.nat(255)), { maxLength: 4 });
    fc.assert(
      fc.property(start, changes, fc.nat(60), (bytes, edits, length) => {
        const broken = edits.reduce(
          (copy, [at, value]) => (at < copy.length ? changed(copy, at, value) : copy),
          bytes,
        );
        try {
          const value = decodeTensor(broken.subarray(0, length));
          expect(encodeTensor(value)).toEqual(broken.subarray(0, length));
        } catch (error) {
          expect(error).toMatchObject({ name: 'TensorError', code: 'malformed' });
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('stringTensor and textsOf', () => {
  it('are each other in reverse', () => {
    const texts = ['', 'naïve', '漢字', '😀', '\ufeffmark', 'a\0b'];
    const value = stringTensor([2, 3], texts);
    expect(value.offsets).toEqual(Uint32Array.of(0, 0, 6, 12, 16, 23, 26));
    expect(textsOf(value)).toEqual(texts);
  });

  it.each([
    [['a'], 'The shape [2] takes 2 texts, not 1.'],
    [['a', '\ud83d'], 'Text 1 holds half of a surrogate pair.'],
  ])('refuse %j', (texts, message) => {
    expect(() => stringTensor([2], texts)).toThrow(message);
  });

  it('refuse offsets of other texts', () => {
    const value: StringTensor = { ...stringTensor([2], ['a', 'b']), offsets: Uint32Array.of(0, 2) };
    expect(() => encodeTensor(value)).toThrow(expect.objectContaining({ code: 'data_mismatch' }));
  });
});
