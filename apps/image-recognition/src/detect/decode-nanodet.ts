import type { TensorMap } from '@ganglion/inference';
import { expectDtype, softmax, type Tensor } from '@ganglion/tensor';
import type { Box, Candidate } from './non-maximum-suppression.js';

/** Pixels of the model's input a cell of each of the three grids. */
export const STRIDES = [8, 16, 32] as const;
/** A side's distance is a distribution over 0, 1, …, 10 strides. */
const BINS = 11;
const SIDES = 4;

/**
 * Reads candidates out of NanoDet's grids: per cell `scores_<stride>` `[1, cells, labels]` 0..1 and `sides_<stride>`
 * `[1, cells, 44]`, logits of 11 distances for left, top, right and bottom.
 *
 * @param frameWidth Of the model's input, in pixels: cells go row by row.
 * @returns In pixels of the model's input, unsorted; boxes may reach beyond it.
 * @source Generalized Focal Loss (arXiv:2006.04388), section 3.2; RangiLyu/nanodet, `gfl_head.py` (`get_bboxes`)
 */
export function decodeNanodet(outputs: TensorMap, frameWidth: number, minScore: number): Candidate[] {
  return STRIDES.flatMap((stride) => {
    const scores = floatsOf(outputs, `scores_${stride}`);
    const sides = floatsOf(outputs, `sides_${stride}`);
    const [, , labels] = scores.shape as [number, number, number];
    const columns = frameWidth / stride;
    const found: Candidate[] = [];
    for (let index = 0; index < scores.data.length; index++) {
      const score = scores.data[index] as number;
      if (score < minScore) continue;
      const cell = Math.floor(index / labels);
      const centre = { x: ((cell % columns) + 0.5) * stride, y: (Math.floor(cell / columns) + 0.5) * stride };
      found.push({ label: index % labels, score, box: boxAround(centre, distancesOf(sides, cell, stride)) });
    }
    return found;
  });
}

/** The mean of each side's distribution, in pixels: left, top, right, bottom. */
function distancesOf(sides: Tensor<'float32'>, cell: number, stride: number): number[] {
  return Array.from({ length: SIDES }, (_, side) => {
    const start = (cell * SIDES + side) * BINS;
    const probabilities = softmax(sides.data.subarray(start, start + BINS));
    return probabilities.reduce((mean, probability, bin) => mean + probability * bin, 0) * stride;
  });
}

function boxAround({ x, y }: { x: number; y: number }, distances: readonly number[]): Box {
  const [left = 0, top = 0, right = 0, bottom = 0] = distances;
  return { left: x - left, top: y - top, right: x + right, bottom: y + bottom };
}

function floatsOf(outputs: TensorMap, name: string): Tensor<'float32'> {
  const value = outputs[name];
  if (value === undefined) throw new TypeError(`The model gave no "${name}".`);
  return expectDtype(value, 'float32');
}
