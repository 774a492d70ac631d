import { describe, expect, it } from '@jest/globals';
import { zeros, type DType } from '@ganglion/tensor';
import fc from 'fast-check';
import type { SessionTensor } from '../engine.js';
import { checkInputs } from './check-inputs.js';
import { compileCheck } from './compile-check.js';

const specs: SessionTensor[] = [
  { name: 'ids', dtype: 'int32', shape: ['batch', 'length'] },
  { name: 'mask', dtype: 'int32', shape: ['batch', 'length'] },
  { name: 'any', dtype: null, shape: null },
  { name: 'fixed', dtype: 'float32', shape: ['batch', 3] },
];
const check = compileCheck(specs);

/** Inputs that fit, but for what `spoil` makes of them. */
const inputs = (spoil: object = {}) => ({
  ids: zeros('int32', [2, 5]),
  mask: zeros('int32', [2, 5]),
  any: zeros('float64', [1]),
  fixed: zeros('float32', [2, 3]),
  ...spoil,
});

describe('compileCheck', () => {
  it('takes what fits', () => {
    expect(() => check(inputs())).not.toThrow();
  });

  it.each([
    ['another length of an equal name', { mask: zeros('int32', [2, 4]) }, '"mask" must be int32'],
    ['another fixed length', { fixed: zeros('float32', [2, 4]) }, '"fixed" must be float32 [batch, 3]'],
    ['another rank', { fixed: zeros('float32', [6]) }, '"fixed" must be'],
    ['another dtype', { ids: zeros('int8', [2, 5]) }, '"ids" must be int32'],
    ['a missing input', { any: undefined }, 'takes an input "any"'],
    ['an input too many', { more: zeros('int32', [1]) }, 'takes no input "more"'],
  ])('refuses %s, in the words of checkInputs', (_, spoil, message) => {
    expect(() => check(inputs(spoil) as never)).toThrow(message);
  });

  it('is as strict as checkInputs', () => {
    const side = fc.integer({ min: 0, max: 3 });
    const value = fc
      .tuple(fc.constantFrom<DType>('int32', 'float32'), fc.array(side, { maxLength: 3 }))
      .map(([dtype, shape]) => zeros(dtype, shape));
    const names = fc.constantFrom('ids', 'mask', 'any', 'fixed', 'more');
    fc.assert(
      fc.property(fc.dictionary(names, value, { noNullPrototype: true }), (spoil) => {
        const outcome = (run: (value: never) => unknown) => {
          try {
            run(inputs(spoil) as never);
            return 'fits';
          } catch (error) {
            return String(error);
          }
        };
        expect(outcome(check)).toBe(outcome((value) => checkInputs(value, specs)));
      }),
    );
  });
});
