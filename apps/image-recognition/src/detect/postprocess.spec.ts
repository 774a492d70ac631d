import { tensor, zeros, type Tensor } from '@ganglion/tensor';
import { describe, expect, it } from '@jest/globals';
import { STRIDES } from './decode-nanodet.js';
import { postprocess } from './postprocess.js';

const LABELS = ['cat', 'dog'];
const FRAME = 64;
/** A picture of 200 x 100 pixels in the middle of a frame of 64 x 64. */
const prepared = {
  input: zeros('float32', [1, 3, FRAME, FRAME]),
  content: { left: 0, top: 16, width: 64, height: 32 },
  image: { width: 200, height: 100 },
} as unknown as Parameters<typeof postprocess>[1];

/** Grids with one box: in the cell at (20, 28), reaching `bins` strides to every side. */
function outputsWith(score: number, label: number, bins: number): Record<string, Tensor> {
  const outputs: Record<string, Tensor> = {};
  for (const stride of STRIDES) {
    const cells = (FRAME / stride) ** 2;
    outputs[`scores_${stride}`] = zeros('float32', [1, cells, 2]);
    outputs[`sides_${stride}`] = zeros('float32', [1, cells, 44]);
  }
  const cell = 3 * (FRAME / 8) + 2;
  const scores = new Float32Array(64 * 2);
  scores[cell * 2 + label] = score;
  const sides = new Float32Array(64 * 44);
  for (let side = 0; side < 4; side++) sides[cell * 44 + side * 11 + bins] = 100;
  outputs['scores_8'] = tensor('float32', [1, 64, 2], scores);
  outputs['sides_8'] = tensor('float32', [1, 64, 44], sides);
  return outputs;
}

const all = { minScore: 0.5, maxObjects: 10, labels: LABELS };

describe('postprocess', () => {
  it('gives boxes in pixels of the picture', () => {
    // In the frame 12..28 x 20..36, in the picture 200/64 times that, less the bar above.
    expect(postprocess(outputsWith(0.75, 1, 1), prepared, all)).toEqual([
      { label: 'dog', score: 0.75, box: { x: 37.5, y: 12.5, width: 50, height: 50 } },
    ]);
  });

  it('cuts boxes at the edges of the picture', () => {
    const [found] = postprocess(outputsWith(0.75, 0, 10), prepared, all);
    expect(found?.box).toEqual({ x: 0, y: 0, width: 200, height: 100 });
  });

  it('leaves out what scores less, and what nobody asked for', () => {
    const outputs = outputsWith(0.75, 1, 1);
    expect(postprocess(outputs, prepared, { ...all, minScore: 0.8 })).toEqual([]);
    expect(postprocess(outputs, prepared, { ...all, wanted: ['cat'] })).toEqual([]);
    expect(postprocess(outputs, prepared, { ...all, wanted: ['dog'] })).toHaveLength(1);
  });
});
