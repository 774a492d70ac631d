import { ServiceError } from '@ganglion/contracts/errors';
import { forecastErrors } from '@ganglion/contracts/services/forecasting/forecast';
import { nearestStep, timeOfStep, type Frequency, type RegularSeries } from '@ganglion/tensor/series';
import type { Clock } from './clock.js';

/** A point that is further from its step than this share of one is off the grid; a tenth of the points may be. */
const NEAR_STEPS = 0.25;
const MOST_OFF = 0.1;

/**
 * Refuses times that are no even grid: what would be forecast is not what was sent.
 *
 * @throws ServiceError `forecasting.duplicate_times`, `forecasting.irregular_times`
 */
export function checkGrid(clock: Clock, { grid, values, merged }: RegularSeries): void {
  const { timesMs } = clock;
  const step = describeStep(grid.frequency);
  if (merged > 0) {
    const ordered = Float64Array.from(timesMs).sort();
    const twice = ordered.find((timeMs, index) => timeMs === ordered[index + 1]);
    if (twice !== undefined) refuseTwice(clock.write(twice));
    refuse(`${merged} of the ${timesMs.length} values share a step of ${step} with another.`);
  }
  const off = timesMs.filter((timeMs) => {
    const index = nearestStep(grid, timeMs);
    const at = timeOfStep(grid, index);
    return Math.abs(timeMs - at) > NEAR_STEPS * (timeOfStep(grid, index + 1) - at);
  });
  if (off.length > MOST_OFF * timesMs.length) {
    refuse(
      `${off.length} of the ${timesMs.length} times are off the even grid of one value every step of ${step}, ` +
        `such as ${clock.write(off[0] as number)}.`,
    );
  }
  if (2 * timesMs.length < values.length) {
    refuse(`There are values for only ${timesMs.length} of ${values.length} steps of ${step}.`);
  }
}

function describeStep(frequency: Frequency): string {
  return typeof frequency === 'string' ? `one ${frequency}` : `${frequency} seconds`;
}

function refuseTwice(time: string): never {
  throw new ServiceError(
    forecastErrors.duplicate_times,
    `There is more than one value for ${time}: send one for each time. (The hour that clocks repeat at the end of ` +
      'summer time is told apart by offsets.)',
  );
}

function refuse(what: string): never {
  throw new ServiceError(
    forecastErrors.irregular_times,
    `${what} Send sums or means of even steps, or say the right "frequency".`,
  );
}
