import { describe, expect, it } from '@jest/globals';
import { encodeRequest } from './encode-request.js';

const post = { method: 'POST', path: '/v1/vision/detect' };

describe('encodeRequest', () => {
  it('fills path parameters in, and leaves them out of the body', () => {
    const target = { method: 'PUT', path: '/v1/{kind}/{id}' };
    expect(encodeRequest(target, { kind: 'a b', id: 'x/y', name: 'n' })).toEqual({
      method: 'PUT',
      path: '/v1/a%20b/x%2Fy',
      body: '{"name":"n"}',
    });
    expect(() => encodeRequest(target, { kind: 'a' })).toThrow('The path needs "id".');
  });

  it('makes a query where there is no body: lists value by value, what is undefined not at all', () => {
    const target = { method: 'GET', path: '/v1/keys' };
    expect(encodeRequest(target, { limit: 5, after: undefined, tag: ['a&b', 'c'] })).toEqual({
      method: 'GET',
      path: '/v1/keys?limit=5&tag=a%26b&tag=c',
      body: undefined,
    });
    expect(encodeRequest(target, {}).path).toBe('/v1/keys');
  });

  it('sends bytes as a part without a type, a Blob as a part with its own', async () => {
    const input = { image: new Uint8Array([1, 2]), mask: new Blob(['m'], { type: 'image/png' }), top: 3 };
    const form = encodeRequest(post, input).body as FormData;
    expect([...form.keys()]).toEqual(['input', 'image', 'mask']);
    expect(await (form.get('input') as File).text()).toBe('{"top":3}');
    expect(form.get('image')).toMatchObject({ type: 'application/octet-stream', size: 2 });
    expect(form.get('mask')).toMatchObject({ type: 'image/png', size: 1 });
  });

  it('sends no part for other fields when there are none', () => {
    const form = encodeRequest(post, { image: new Uint8Array(1) }).body as FormData;
    expect([...form.keys()]).toEqual(['image']);
  });

  it.each([
    ['many inputs', { inputs: [{ image: new Uint8Array(1) }] }],
    ['a part of an input', { page: { image: new Blob([]) } }],
    ['the whole input', Buffer.from('x')],
  ])('refuses bytes inside %s, which JSON cannot say', (_where, input) => {
    expect(() => encodeRequest(post, input)).toThrow(TypeError);
  });
});
