import { describe, expect, it } from '@jest/globals';
import * as p from './pickle.fixture.js';
import { readTorchIndex } from './torch-file.js';
import { savedTensor, stateDict, torchFile, type SavedTensor } from './torch-file.fixture.js';

const six: SavedTensor = { shape: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, 6), key: 'a' };
const scalar: SavedTensor = { shape: [], data: BigInt64Array.of(7n), key: 'b' };
const shaped = (shape: number[], strides: number[], first = 0) => ({ ...six, shape, strides, first });
const withState = (state: Uint8Array) => torchFile({ six }, { state });
/** A reference to a storage that differs in one place. */
const withReference = (...id: Uint8Array[]) => {
  const call = p.global('torch._utils', '_rebuild_tensor_v2');
  const one = p.tuple(p.integer(1));
  const tensor = p.tuple(p.reference(p.tuple(...id)), p.integer(0), one, one, p.flag(false), p.none);
  return withState(stateDict({ six: p.call(call, tensor) }));
};
const float = p.global('torch', 'FloatStorage');
const word = p.text('storage');

describe('readTorchIndex', () => {
  it('says where each tensor lies in the file', () => {
    const file = torchFile({ six, scalar, row: { ...six, shape: [3], first: 3 } });
    const start = file.length - 8 - 8 - 24;
    const float32 = { dtype: 'float32', offset: start };
    expect(Object.fromEntries(readTorchIndex(file))).toEqual({
      six: { ...float32, shape: [2, 3], length: 24, perm: [0, 1] },
      scalar: { dtype: 'int64', shape: [], offset: file.length - 8, length: 8, perm: [] },
      row: { ...float32, shape: [3], offset: start + 12, length: 12, perm: [0] },
    });
    expect(Buffer.from(file).readFloatLE(start)).toBe(1);
  });

  it('reads a view of a longer file', () => {
    const file = torchFile({ six });
    const longer = Buffer.concat([Buffer.alloc(5), file, Buffer.alloc(9)]);
    expect(readTorchIndex(longer.subarray(5, 5 + file.length))).toEqual(readTorchIndex(file));
  });

  it.each([
    ['a turned matrix', shaped([2, 3], [1, 2]), { shape: [3, 2], perm: [1, 0] }],
    [
      'a turned matrix with an axis of one',
      shaped([2, 1, 3], [1, 1, 2]),
      { shape: [3, 2, 1], perm: [1, 2, 0] },
    ],
    ['any stride of an axis of one', shaped([2, 1, 3], [3, 17, 1]), { shape: [2, 1, 3], perm: [0, 1, 2] }],
  ])('says how %s lies', (_, tensor, expected) => {
    expect(readTorchIndex(torchFile({ tensor })).get('tensor')).toMatchObject(expected);
  });

  it('lets torch itself be turned back by the permutation', () => {
    // HWIO in the file, OIHW as torch sees it: what a TensorFlow checkpoint becomes.
    const data = Float32Array.from({ length: 2 * 3 * 4 * 5 }, (_, index) => index);
    const tensor: SavedTensor = { shape: [5, 4, 2, 3], strides: [1, 5, 60, 20], data, key: 'a' };
    expect(readTorchIndex(torchFile({ tensor })).get('tensor')).toMatchObject({
      shape: [2, 3, 4, 5],
      perm: [3, 2, 0, 1],
    });
  });

  it.each([
    ['a zip', Buffer.from('PK\x03\x04 and more'), 'is a zip'],
    ['nothing', Buffer.alloc(0), 'cut short'],
    ['another magic number', torchFile({ six }, { magic: p.integer(7) }), 'no torch file'],
    [
      'big-endian numbers',
      torchFile({ six }, { system: p.dictionary(p.text('little_endian'), p.flag(false)) }),
      'not little-endian',
    ],
    ['what is no state dict', withState(p.list()), 'no state dict'],
    [
      'what is no tensor',
      withState(stateDict({ epoch: p.integer(3) })),
      '"epoch" of the torch file is no tensor',
    ],
    ['a name that is a number', withState(p.dictionary(p.integer(3), savedTensor(six))), '"3" of the'],
    ['a call of a program', withState(p.call(p.global('os', 'system'), p.tuple(p.text('id')))), 'os.system'],
    [
      'a call before the state dict',
      torchFile({ six }, { system: p.call(p.global('os', 'system'), p.tuple()) }),
      'os.system',
    ],
    ['an unknown element type', withReference(word, p.global('torch', 'QInt8Storage')), 'torch.QInt8Storage'],
    ['a reference to something else', withReference(p.text('module'), float), 'a storage that is none'],
    [
      'a negative number of elements',
      withReference(word, float, p.text('a'), p.text('cpu'), p.integer(-1), p.none),
      'a storage that is none',
    ],
    [
      'a number of elements past 2^53',
      withReference(word, float, p.text('a'), p.text('cpu'), p.long(0, 0, 0, 0, 0, 0, 0, 64), p.none),
      'a storage that is none',
    ],
    [
      'more elements than the file has bytes',
      withReference(word, float, p.text('a'), p.text('cpu'), p.long(0, 0, 0, 0, 0, 0, 16), p.none),
      'ends outside of the torch file',
    ],
    [
      'a view of a storage',
      withReference(word, float, p.text('a'), p.text('cpu'), p.integer(6), p.tuple(p.text('c'))),
      'a view of another',
    ],
    ['another number of elements at the storage', torchFile({ six }, { count: 5 }), 'the 6 elements it says'],
    ['a storage of no tensor', torchFile({ six }, { keys: ['a', 'b'] }), 'of no tensor'],
    ['a storage twice', torchFile({ six }, { keys: ['a', 'a'] }), 'there twice'],
    ['no storage', torchFile({ six }, { keys: [] }), 'a storage that the torch file lacks'],
    ['bytes behind the end', Buffer.concat([torchFile({ six }), Buffer.of(0)]), 'goes on behind'],
    ['a cut end', torchFile({ six }).subarray(0, -1), 'ends outside of the torch file'],
    ['a tensor past its storage', torchFile({ t: shaped([2, 3], [3, 1], 1) }), 'ends outside of its storage'],
    ['a repeated element', torchFile({ t: shaped([2, 3], [0, 1]) }), 'skips or repeats'],
    ['skipped elements', torchFile({ t: shaped([3], [2]) }), 'skips or repeats'],
    [
      'strides that are too few',
      torchFile({ t: shaped([2, 3], [1]) }),
      'without a storage, a shape or strides',
    ],
    [
      'a shape past 2^53',
      torchFile({ t: shaped([2 ** 30, 2 ** 30], [1, 1]) }),
      'more elements than can be counted',
    ],
  ])('refuses %s', (_, file, message) => {
    expect(() => readTorchIndex(file)).toThrow(message);
  });

  it('refuses every cut of a file, and never reads past its end', () => {
    const file = torchFile({ six, scalar });
    for (let length = 0; length < file.length; length += 1) {
      expect(() => readTorchIndex(file.subarray(0, length))).toThrow(TypeError);
    }
  });
});
