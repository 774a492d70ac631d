import { tensor } from '@ganglion/tensor';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { postprocess } from './postprocess.js';

const source = { format: 'png', width: 900, height: 1000, frames: 1 } as const;
const findingOf = (ratio: number, threshold: number, prevalence: number) => {
  const outputs = { log_likelihood_ratio: tensor('float32', [1], Float32Array.of(ratio)) };
  const [finding] = postprocess(outputs, source, { threshold, prevalence }).findings;
  if (finding === undefined) throw new Error('no finding');
  return finding;
};

describe('postprocess', () => {
  it('brings a likelihood ratio to a probability by the prevalence', () => {
    // Nine times as likely with pneumonia: 9 to 1 of one in two, 1 to 1 of one in ten.
    expect(findingOf(Math.log(9), 0, 0.5).probability).toBeCloseTo(0.9, 6);
    expect(findingOf(Math.log(9), 0, 0.1).probability).toBeCloseTo(0.5, 6);
  });

  it('calls positive what reaches the threshold, at any prevalence alike', () => {
    const number = fc.integer({ min: -600, max: 600 }).map((value) => value / 100);
    fc.assert(
      fc.property(
        number,
        number,
        fc.double({ min: 0.001, max: 0.999, noNaN: true }),
        (ratio, threshold, prevalence) => {
          fc.pre(Math.abs(ratio - threshold) > 1e-3);
          const { positive, probability, threshold: shown } = findingOf(ratio, threshold, prevalence);
          expect(positive).toBe(ratio > threshold);
          expect(positive).toBe(probability > shown);
        },
      ),
    );
  });

  it('asks for a review, and says of the film only what is known', () => {
    const outputs = { log_likelihood_ratio: tensor('float32', [1], Float32Array.of(-20)) };
    const output = postprocess(outputs, source, { threshold: 0, prevalence: 0.1 });
    expect(output.reviewRequired).toBe(true);
    expect(output.review.by).toContain('radiologist');
    expect(output.film).toEqual({ format: 'png', width: 900, height: 1000 });
  });
});
