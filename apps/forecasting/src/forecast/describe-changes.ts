import { findGaps } from '@ganglion/tensor/series';
import { CONTEXT } from './fracast-input.js';
import type { EvenSeries } from './read-series.js';

/** What was done to a series, and what its forecast cannot know, in sentences for the answer's warnings. */
export function describeChanges({ values, tidied }: EvenSeries, horizon: number): string[] {
  const gaps = findGaps(values);
  const missing = gaps.reduce((sum, { length }) => sum + length, 0);
  const last = gaps.at(-1);
  const trailing = last !== undefined && last.from + last.length === values.length ? last.length : 0;
  const known = values.filter((value) => !Number.isNaN(value));
  return [
    tidied.reordered && 'The values were sorted by time.',
    tidied.moved > 0 &&
      `${count(tidied.moved, 'time')} ${tidied.moved === 1 ? 'was' : 'were'} off the even grid: each counts for the nearest step.`,
    tidied.changesOffset &&
      'The times change their offset, as with summer time: the times of the forecast have the last one.',
    values.length > CONTEXT &&
      `The series has ${values.length} steps: the model read the last ${CONTEXT} of them.`,
    missing > 0 &&
      `${missing} of ${values.length} steps ${missing === 1 ? 'has' : 'have'} no value: the model reads them as ` +
        'unknown, the season and the seasonal-naive forecast have a straight line there.',
    trailing > 0 &&
      `The series ends in a gap: the forecast starts behind the last ${count(trailing, 'step')}, not at the last ` +
        'known value.',
    known.every((value) => value === known[0]) &&
      'All known values are equal: so is the forecast, and its intervals have no width.',
    horizon > known.length &&
      `The horizon of ${horizon} steps is longer than the ${known.length} known values: expect little of the far end.`,
  ].filter((sentence) => typeof sentence === 'string');
}

function count(number: number, noun: string): string {
  return number === 1 ? `1 ${noun}` : `${number} ${noun}s`;
}
