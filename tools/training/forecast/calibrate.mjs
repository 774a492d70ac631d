/** @typedef {import('./open-model.mjs').QuantileForecast} QuantileForecast */
/** @typedef {import('./read-data.mjs').Task} Task */

const BLOCK = 48;
const MEDIAN = 4;
export const BLOCKS = 4;

/**
 * How far a value was from the median, as a multiple of the distance of the quantile 0.1 or 0.9 on its side, and in
 * which block of 48 steps: an interval by that factor would just hold it.
 *
 * @typedef {{ dataset: string, block: number, score: number }} Score
 */

/**
 * Windows of the known parts to calibrate on; nothing of a test part is in them. Windows of one block near the end of
 * every series, and for the later blocks longer ones of every third series, which take longer to forecast.
 *
 * @param {readonly Task[]} tasks
 * @param {readonly Task[]} longSeries Histories that hold many windows each.
 * @returns {Task[]}
 */
export function makeCalibrationWindows(tasks, longSeries) {
  const short = tasks.flatMap((task) => [1, 2].map((back) => cutEnd(task, { back, steps: BLOCK, share: 3 })));
  const long = tasks
    .filter((_, index) => index % 3 === 0)
    .map((task) => cutEnd(task, { back: 1, steps: BLOCKS * BLOCK, share: 2 }));
  const many = longSeries.flatMap((task) =>
    Array.from({ length: BLOCKS }, (_, back) =>
      cutEnd(task, { back: back + 1, steps: BLOCKS * BLOCK, share: 2 }),
    ),
  );
  return [...short, ...long, ...many];
}

/**
 * The window that ends `back - 1` windows before the end of the history.
 *
 * @param {Task} task
 * @param {{ back: number, steps: number, share: number }} window At most one part of `share` of the history is its length.
 * @returns {Task}
 */
function cutEnd(task, { back, steps, share }) {
  const length = Math.min(steps, Math.floor(task.history.length / share));
  const from = task.history.length - back * length;
  return { ...task, history: task.history.slice(0, from), actual: task.history.slice(from, from + length) };
}

/** @param {Task} task @param {QuantileForecast} quantiles @returns {Score[]} */
export function scoreWindow({ dataset, actual }, quantiles) {
  return Array.from(actual, (value, step) => {
    const at = /** @type {Float64Array} */ (quantiles[step]);
    const median = Number(at[MEDIAN]);
    const distance = value < median ? median - Number(at[0]) : Number(at.at(-1)) - median;
    const score = value === median ? 0 : Math.abs(value - median) / distance;
    return { dataset, block: Math.floor(step / BLOCK), score };
  });
}

/**
 * The factor of each block under which `coverage` of the values are within their intervals, every data set counting
 * the same.
 *
 * @param {readonly Score[]} scores
 * @param {number} coverage
 */
export function findFactors(scores, coverage) {
  return Array.from({ length: BLOCKS }, (_, block) =>
    Number(
      weightedQuantile(
        scores.filter((score) => score.block === block),
        coverage,
      ).toFixed(3),
    ),
  );
}

/** @param {readonly Score[]} scores @param {number} share */
function weightedQuantile(scores, share) {
  const counts = new Map();
  for (const { dataset } of scores) counts.set(dataset, (counts.get(dataset) ?? 0) + 1);
  const ordered = [...scores].sort((left, right) => left.score - right.score);
  let below = 0;
  for (const { dataset, score } of ordered) {
    below += 1 / counts.get(dataset) / counts.size;
    if (below >= share) return score;
  }
  throw new RangeError('There are no scores to calibrate by.');
}
