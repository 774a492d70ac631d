import { describe, expect, it } from '@jest/globals';
import { toTokenTensors } from './token-tensors.js';

describe('toTokenTensors', () => {
  it('pads to the longest sequence, and masks the padding', () => {
    const { input_ids, attention_mask } = toTokenTensors([[5], [6, 7]]);
    expect(input_ids).toMatchObject({ dtype: 'int64', shape: [2, 2] });
    expect([...input_ids.data]).toEqual([5n, 0n, 6n, 7n]);
    expect([...attention_mask.data]).toEqual([1n, 0n, 1n, 1n]);
  });
});
