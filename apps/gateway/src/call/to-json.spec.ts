import { describe, expect, it } from '@jest/globals';
import { toJson } from './to-json.js';

describe('toJson', () => {
  it('writes bytes as base64, and media with their type', () => {
    const body = {
      mask: Buffer.from([1, 2, 3]),
      sound: { type: 'audio/wav', bytes: new Uint8Array([255]) },
      n: 1,
    };
    expect(JSON.parse(toJson(body, true))).toEqual({
      mask: 'AQID',
      sound: { type: 'audio/wav', base64: '/w==' },
      n: 1,
    });
  });

  it('refuses what JSON cannot say', () => {
    expect(toJson(undefined, false)).toBe('null');
    expect(() => toJson({ n: 1n }, false)).toThrow(expect.objectContaining({ code: 'bad_reply' }));
  });
});
