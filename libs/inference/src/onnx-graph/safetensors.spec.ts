import { describe, expect, it } from '@jest/globals';
import { readSafetensorsIndex } from './safetensors.js';

function safetensors(header: unknown, dataLength: number): Uint8Array {
  const json = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  return Buffer.concat([length, json, Buffer.alloc(dataLength)]);
}

describe('readSafetensorsIndex', () => {
  it('says where each tensor lies in the file', () => {
    const file = safetensors(
      {
        __metadata__: { format: 'pt' },
        weight: { dtype: 'F32', shape: [2, 2], data_offsets: [0, 16] },
        half: { dtype: 'F16', shape: [1], data_offsets: [16, 18] },
      },
      18,
    );
    const start = file.length - 18;
    expect(Object.fromEntries(readSafetensorsIndex(file))).toEqual({
      weight: { dtype: 'float32', shape: [2, 2], offset: start, length: 16 },
      half: { dtype: 'float16', shape: [1], offset: start + 16, length: 2 },
    });
  });

  it.each([
    ['a header that is cut', Buffer.from([255, 0, 0, 0, 0, 0, 0, 0, 123]), 'longer than the file'],
    ['no header', Buffer.alloc(3), 'at least 8 bytes'],
    ['a header that is no object', safetensors(7, 0), 'no JSON object'],
    [
      'an unknown dtype',
      safetensors({ w: { dtype: 'F8_E5M2', shape: [], data_offsets: [0, 1] } }, 1),
      'F8_E5M2',
    ],
    ['no shape', safetensors({ w: { dtype: 'F32', data_offsets: [0, 4] } }, 4), 'no shape'],
    [
      'bytes outside of the file',
      safetensors({ w: { dtype: 'F32', shape: [2], data_offsets: [0, 8] } }, 4),
      '0..8',
    ],
    [
      'a length unlike the shape',
      safetensors({ w: { dtype: 'F32', shape: [2], data_offsets: [0, 4] } }, 8),
      '0..4',
    ],
  ])('refuses %s', (_, file, message) => {
    expect(() => readSafetensorsIndex(file)).toThrow(message);
  });
});
