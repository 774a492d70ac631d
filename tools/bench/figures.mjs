/**
 * One measured figure: `value` is the median of its rounds, and `ok` says whether it reaches its goal.
 *
 * @typedef {{
 *   name: string, value: number, unit: string, goal: string | null, ok: boolean | null,
 *   rounds: { min: number, median: number, max: number, count: number },
 * }} Figure
 */

/**
 * @param {string} name
 * @param {readonly number[]} samples one a round
 * @param {{ unit: string, goal?: { atMost: number } }} options without a goal the figure is for the record
 * @returns {Figure}
 */
export function figure(name, samples, { unit, goal }) {
  const sorted = samples.map((sample) => Number(sample.toPrecision(4))).sort((left, right) => left - right);
  const at = (/** @type {number} */ share) => sorted[Math.floor(share * (sorted.length - 1))] ?? NaN;
  const rounds = { min: at(0), median: at(0.5), max: at(1), count: sorted.length };
  const verdict =
    goal === undefined
      ? { goal: null, ok: null }
      : { goal: `<= ${goal.atMost}`, ok: rounds.median <= goal.atMost };
  return { name, value: rounds.median, unit, ...verdict, rounds };
}
