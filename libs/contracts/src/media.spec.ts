import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { isMedia, media, takesMediaType } from './media.js';

const bytes = { type: 'image/png', bytes: new Uint8Array([1]) };
const reference = { type: 'image/png', ref: { sha256: 'a'.repeat(64), bytes: 1, lease: 'l' } };

describe('isMedia', () => {
  it('takes bytes, and where bytes lie', () => {
    expect(isMedia(bytes)).toBe(true);
    expect(isMedia({ ...bytes, bytes: Buffer.from('x') })).toBe(true);
    expect(isMedia(reference)).toBe(true);
  });

  it.each([
    null,
    'image.png',
    new Uint8Array(1),
    {},
    { type: 'image/png' },
    { bytes: new Uint8Array(1) },
    { type: 'image/png', bytes: 'AQ==' },
    { type: 'image/png', base64: 'AQ==' },
    { type: 'image/png', ref: null },
  ])('refuses %j', (value) => {
    expect(isMedia(value)).toBe(false);
  });
});

describe('takesMediaType', () => {
  const limits = { types: ['image/png'], maxBytes: 1 };

  it('takes the types of the field, and bytes of a type that the sender does not know', () => {
    expect(takesMediaType(limits, 'image/png')).toBe(true);
    expect(takesMediaType(limits, 'application/octet-stream')).toBe(true);
    expect(takesMediaType(limits, 'image/gif')).toBe(false);
  });
});

describe('media', () => {
  const image = media({ types: ['image/png'], maxBytes: 10 });

  it('is a field that takes media and nothing else, unchanged', () => {
    const input = z.strictObject({ image });
    expect(input.parse({ image: bytes }).image).toBe(bytes);
    expect(input.safeParse({ image: 'x' }).error?.issues).toMatchObject([
      { path: ['image'], message: 'must be media' },
    ]);
    expect(input.safeParse({}).success).toBe(false);
  });

  it('may be left out where the contract says so', () => {
    expect(z.strictObject({ image: image.optional() }).parse({})).toEqual({});
  });
});
