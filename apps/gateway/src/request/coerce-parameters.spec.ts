import { describe, expect, it } from '@jest/globals';
import { parseQuery } from './coerce-parameters.js';

const fields = {
  count: { type: 'integer' },
  ratio: { anyOf: [{ type: 'number' }, { type: 'null' }] },
  deep: { type: 'boolean' },
  name: { type: 'string' },
  ids: { type: 'array', items: { type: 'integer' } },
};

describe('parseQuery', () => {
  it('reads each field by its type', () => {
    expect(parseQuery('count=3&ratio=-1.5e2&deep=true&name=42&ids=1&ids=2', fields)).toEqual({
      count: 3,
      ratio: -150,
      deep: true,
      name: '42',
      ids: [1, 2],
    });
    expect(parseQuery('ratio=null&name=a+b%20%C3%A9', fields)).toEqual({ ratio: null, name: 'a b é' });
  });

  it('leaves for validation what does not read as its type', () => {
    expect(parseQuery('count=0x10&deep=yes&other=1&name', fields)).toEqual({
      count: '0x10',
      deep: 'yes',
      other: '1',
      name: '',
    });
  });

  it('never drops a value', () => {
    expect(() => parseQuery('count=1&count=2', fields)).toThrow(
      expect.objectContaining({ code: 'invalid_input' }),
    );
    expect(Object.keys(parseQuery('__proto__=1&constructor=2', fields))).toEqual([
      '__proto__',
      'constructor',
    ]);
    expect(() => parseQuery('name=%ff', fields)).toThrow(
      expect.objectContaining({ code: 'invalid_encoding' }),
    );
  });
});
