import { describe, expect, it } from '@jest/globals';
import { rows, stringTensor, textsOf, zeros } from '@ganglion/tensor';
import { toTransfer } from './transfer.js';

describe('toTransfer', () => {
  it('hands over whole buffers without a copy, each once', () => {
    const x = zeros('float32', [4]);
    const y = zeros('int64', [2]);
    const { tensors, buffers } = toTransfer({ x, y, again: x });
    expect(tensors.x?.data).toBe(x.data);
    expect(buffers).toHaveLength(2);
    expect(buffers[0] === x.data.buffer && buffers[1] === y.data.buffer).toBe(true);
  });

  it('copies a view of a part, whose siblings live on', () => {
    const whole = zeros('float32', [4, 2]);
    const { tensors, buffers } = toTransfer({ x: rows(whole, 1, 2) });
    structuredClone(tensors, { transfer: buffers });
    expect(whole.data).toHaveLength(8);
    expect(buffers[0] === whole.data.buffer).toBe(false);
  });

  it('hands over the bytes and the offsets of texts', () => {
    const x = stringTensor([2], ['a', 'é']);
    const { tensors, buffers } = toTransfer({ x });
    expect(tensors.x).toBe(x);
    expect(new Set(buffers)).toEqual(new Set([x.data.buffer, x.offsets.buffer]));
    const whole = stringTensor([3], ['a', 'b', 'c']);
    const part = toTransfer({ x: rows(whole, 1, 2) });
    structuredClone(part.tensors, { transfer: part.buffers });
    expect(textsOf(whole)).toEqual(['a', 'b', 'c']);
  });
});
