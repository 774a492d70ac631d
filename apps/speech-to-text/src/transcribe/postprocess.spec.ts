import { describe, expect, it } from '@jest/globals';
import { postprocess, type HeardSegment } from './postprocess.js';

const vocabulary = { decode: (tokens: readonly number[]) => tokens.map((token) => `word${token}`).join(' ') };
const segment = (
  startSeconds: number,
  tokens: number[],
  change: Partial<HeardSegment> = {},
): HeardSegment => ({
  startSeconds,
  endSeconds: startSeconds + 2,
  tokens,
  end: 'complete',
  logProbability: (tokens.length + 1) * Math.log(0.8),
  steps: tokens.length + 1,
  ...change,
});

describe('postprocess', () => {
  it('joins the segments to the text', () => {
    const { output, confidence, warnings } = postprocess([segment(0, [1, 2]), segment(3, [3])], vocabulary);
    expect(output).toEqual({
      text: 'word1 word2 word3',
      segments: [
        { startSeconds: 0, endSeconds: 2, text: 'word1 word2' },
        { startSeconds: 3, endSeconds: 5, text: 'word3' },
      ],
    });
    expect(confidence).toBeCloseTo(0.8);
    expect(warnings).toEqual([]);
  });

  it('says so when there is no speech', () => {
    const nothing = {
      output: { text: '', segments: [] },
      warnings: ['No speech was found in the recording.'],
    };
    expect(postprocess([], vocabulary)).toMatchObject({ ...nothing, confidence: undefined });
    expect(postprocess([segment(0, [])], vocabulary)).toMatchObject(nothing);
  });

  it('says where the model was stopped', () => {
    const { warnings } = postprocess(
      [segment(0, [1], { end: 'loop' }), segment(4, [2], { end: 'limit' })],
      vocabulary,
    );
    expect(warnings).toEqual([
      expect.stringContaining('from 0 to 2 s'),
      expect.stringContaining('from 4 to 6 s'),
    ]);
  });
});
