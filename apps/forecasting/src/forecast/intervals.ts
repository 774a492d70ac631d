import { z } from 'zod';
import { BLOCK } from './fracast-input.js';
import type { QuantileForecast } from './predict-quantiles.js';

const MEDIAN = 4;

const factors = z
  .array(z.number().positive())
  .min(1)
  .describe('For each block of 48 steps; steps beyond the last have that of the last.');

/** How far intervals reach, as multiples of the distance of the quantiles 0.1 and 0.9 from the median. */
export const intervalFactors = z.strictObject({ 80: factors, 95: factors });

export type IntervalFactors = z.output<typeof intervalFactors>;

export interface Interval {
  readonly lower: number;
  readonly upper: number;
}

/** The median of a step and the intervals around it. */
export interface StepForecast {
  readonly median: number;
  readonly interval80: Interval;
  readonly interval95: Interval;
}

/**
 * Intervals of each step: the distance of the model's quantiles 0.1 and 0.9 from its median, times a factor under which
 * held-back values of other series were within 80 and 95 % of the time.
 *
 * @source Split conformal prediction with scaled scores: Angelopoulos and Bates (2023), Conformal Prediction: A Gentle
 *   Introduction, section 2.3
 */
export function toIntervals(quantiles: QuantileForecast, by: IntervalFactors): StepForecast[] {
  return quantiles.map((step, index) => {
    const median = step[MEDIAN] as number;
    const below = median - (step[0] as number);
    const above = (step.at(-1) as number) - median;
    const stretch = (blocks: readonly number[]): Interval => {
      const factor = factorAt(blocks, index);
      return { lower: median - factor * below, upper: median + factor * above };
    };
    return { median, interval80: stretch(by[80]), interval95: stretch(by[95]) };
  });
}

/** From one block's factor to the next on a straight line, so that intervals do not jump. */
function factorAt(blocks: readonly number[], step: number): number {
  const place = Math.min(Math.max((step + 0.5) / BLOCK - 0.5, 0), blocks.length - 1);
  const block = Math.floor(place);
  const low = blocks[block] as number;
  return low + ((blocks[block + 1] ?? low) - low) * (place - block);
}
