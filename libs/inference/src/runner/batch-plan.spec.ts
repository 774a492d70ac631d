import { describe, expect, it } from '@jest/globals';
import { stringTensor } from '@ganglion/tensor';
import { BatchPlan } from './batch-plan.js';

describe('BatchPlan', () => {
  const plan = new BatchPlan({
    inputs: [{ name: 'text', dtype: 'string', shape: ['batch', 'words'] }],
    outputs: [{ name: 'back', dtype: 'string', shape: ['batch', 'words'] }],
    batching: { axis: 0, maxBatch: 8, padding: { text: { axis: 1, value: '-' } } },
  });
  const shares = [
    { inputs: { text: stringTensor([1, 1], ['cat']) }, rows: 1 },
    { inputs: { text: stringTensor([2, 2], ['dog', '', 'é', '😀']) }, rows: 2 },
  ];

  it('joins texts of unlike length, padded by the text that the manifest says', () => {
    expect(plan.join(shares)).toEqual({
      text: stringTensor([3, 2], ['cat', '-', 'dog', '', 'é', '😀']),
    });
  });

  it('gives each run its own texts back, without what was padded', () => {
    const outputs = { back: stringTensor([3, 2], ['CAT', '-', 'DOG', '', 'É', '😀']) };
    expect(plan.split(outputs, shares)).toEqual([
      { back: stringTensor([1, 1], ['CAT']) },
      { back: stringTensor([2, 2], ['DOG', '', 'É', '😀']) },
    ]);
  });
});
