import { tensor } from '@ganglion/tensor';
import { describe, expect, it } from '@jest/globals';
import { postprocess } from './postprocess.js';

const windows = (...logits: number[]) => ({
  logits: tensor('float32', [logits.length / 2, 2], Float32Array.from(logits)),
});

describe('postprocess', () => {
  it('turns logits into probabilities and names the larger', () => {
    const { label, probabilities } = postprocess(windows(0, Math.log(3)), [10]);
    expect(label).toBe('positive');
    expect(probabilities.positive).toBeCloseTo(0.75, 6);
    expect(probabilities.negative).toBeCloseTo(0.25, 6);
    expect(postprocess(windows(1, -1), [10]).label).toBe('negative');
  });

  it('averages the logits of windows by the text that they hold', () => {
    // (1 · 4 + 3 · 0) / 4 = 1 against 0
    const { probabilities } = postprocess(windows(0, 4, 0, 0), [1, 3]);
    expect(probabilities.positive).toBeCloseTo(1 / (1 + Math.exp(-1)), 6);
  });

  it('stays a probability for logits of any size', () => {
    expect(postprocess(windows(-800, 800), [1]).probabilities).toEqual({ negative: 0, positive: 1 });
  });
});
