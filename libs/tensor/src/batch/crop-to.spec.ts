import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { stringTensor, textsOf } from '../string-tensor.js';
import { elementCount, tensor, zeros } from '../tensor.js';
import { cropTo } from './crop-to.js';
import { padTo } from './pad-to.js';

describe('cropTo', () => {
  it('takes off what padTo added, along any axis', () => {
    const cases = fc
      .array(fc.nat({ max: 4 }), { minLength: 1, maxLength: 3 })
      .chain((shape) => fc.tuple(fc.constant(shape), fc.nat({ max: shape.length - 1 }), fc.nat({ max: 3 })));
    fc.assert(
      fc.property(cases, ([shape, axis, more]) => {
        const value = tensor(
          'int16',
          shape,
          Int16Array.from({ length: elementCount(shape) }, (_, index) => index + 1),
        );
        const length = shape[axis] ?? 0;
        expect(cropTo(padTo(value, axis, length + more, -7), axis, length)).toEqual(value);
      }),
    );
  });

  it('takes texts off, along any axis', () => {
    const value = stringTensor([2, 3], ['a', 'é', '', 'bc', '😀', 'd']);
    expect(textsOf(cropTo(value, 1, 2))).toEqual(['a', 'é', 'bc', '😀']);
    expect(textsOf(cropTo(value, 0, 1))).toEqual(['a', 'é', '']);
    expect(cropTo(value, 1, 0)).toEqual(stringTensor([2, 0], []));
  });

  it('gives the same tensor back when nothing is to be taken off', () => {
    const value = zeros('float32', [2, 3]);
    expect(cropTo(value, 1, 3)).toBe(value);
  });

  it.each([
    [1, 4],
    [1, -1],
    [2, 1],
    [0, 0.5],
  ])('refuses axis %d of [2, 3] to %d', (axis, length) => {
    expect(() => cropTo(zeros('float32', [2, 3]), axis, length)).toThrow(
      expect.objectContaining({ code: 'out_of_range' }),
    );
  });
});
