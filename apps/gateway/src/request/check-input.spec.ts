import { toJsonSchema } from '@ganglion/contracts/contract-document';
import { ServiceError } from '@ganglion/contracts/errors';
import { media } from '@ganglion/contracts/media';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { checkInput } from './check-input.js';
import { compileInput } from './compile-input.js';

const schema = z.strictObject({
  text: z.string().min(2),
  mode: z.enum(['fast', 'exact']).default('fast'),
  weights: z.array(z.number()).optional(),
  nested: z.strictObject({ 'a/b': z.int() }).optional(),
  picture: media({ types: ['image/png'], maxBytes: 8 }).optional(),
});
const contract = compileInput({ input: toJsonSchema(schema, 'test'), maxItems: 2 });

const refusal = (input: unknown, bytes = 100): ServiceError => {
  try {
    checkInput(input, contract, bytes);
  } catch (error) {
    if (error instanceof ServiceError) return error;
  }
  throw new Error('expected a ServiceError');
};

describe('checkInput', () => {
  it('tells every place that is wrong, by JSON Pointer', () => {
    const error = refusal({ text: 'a', mode: 'slow', weights: [1, Infinity], nested: { 'a/b': 0.5 } });
    expect(error.code).toBe('invalid_input');
    expect(error.errors).toEqual([
      { pointer: '/text', detail: 'must NOT have fewer than 2 characters' },
      { pointer: '/mode', detail: 'must be one of "fast", "exact"' },
      { pointer: '/weights/1', detail: 'must be a finite number; this one is too large' },
      { pointer: '/nested/a~1b', detail: 'must be integer' },
    ]);
  });

  it('tells only the first place of a large body: all could weigh far more than it', () => {
    const weights = Array.from({ length: 100_000 }, () => 'x');
    expect(refusal({ text: 'abc', weights }, 400_000).errors).toHaveLength(1);
    expect(refusal({ text: 'abc', weights: weights.slice(0, 500) }, 3_000).errors).toHaveLength(100);
  });

  it('has a code of its own for options that do not exist', () => {
    const error = refusal({ text: 'abc', moed: 'fast', zzzzzzz: 1 });
    expect(error.code).toBe('unknown_option');
    expect(error.errors?.[0]).toEqual({
      pointer: '/moed',
      detail: 'is no option here; did you mean "mode"?',
    });
    expect(refusal({ text: 1, moed: 'fast' }).code).toBe('invalid_input');
  });

  it('splits many inputs into what fits and what does not', () => {
    const checked = checkInput({ inputs: [{ text: 'abc' }, { text: 1 }] }, contract, 100);
    expect(checked).toMatchObject({ kind: 'many', items: [{ text: 'abc' }], count: 2 });
    expect(checked.kind === 'many' && checked.refused.get(1)?.errors?.[0]?.pointer).toBe('/inputs/1/text');
    expect(refusal({ inputs: [{}, {}, {}] }).code).toBe('too_many_items');
    expect(refusal({ inputs: 'abc' }).code).toBe('invalid_input');
  });

  it('decodes media, and holds them to their limits', () => {
    const checked = checkInput(
      { text: 'abc', picture: { base64: 'AQID', type: 'image/png' } },
      contract,
      100,
    );
    expect(checked).toMatchObject({
      value: { picture: { type: 'image/png', bytes: Buffer.from([1, 2, 3]) } },
    });
    const refused = (picture: unknown): string => refusal({ text: 'abc', picture }).code;
    expect(refused({ base64: 'AQID', type: 'image/gif' })).toBe('unsupported_media_type');
    expect(refused({ base64: 'AAAAAAAAAAAAAAAA', type: 'image/png' })).toBe('payload_too_large');
    expect(refused({ base64: 'A', type: 'image/png' })).toBe('invalid_input');
    expect(refused({ type: 'image/png', bytes: Buffer.alloc(1) })).toBe('invalid_input');
  });
});
