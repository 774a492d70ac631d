/**
 * One measured figure: `value` is the median of its rounds, and `ok` says whether it reaches its goal.
 *
 * @typedef {{
 *   name: string, value: number, unit: string, goal: string | null, ok: boolean | null,
 *   rounds: { min: number, median: number, max: number, count: number },
 * }} Figure
 *
 * @typedef {{ atLeast: number } | { atMost: number }} Goal
 */

/**
 * @param {string} name
 * @param {readonly number[]} samples one a round
 * @param {{ unit?: string, goal?: Goal }} [options] without a goal the figure is for the record
 * @returns {Figure}
 */
export function figure(name, samples, { unit = 'ratio', goal } = {}) {
  const sorted = [...samples].sort((left, right) => left - right);
  const rounds = {
    min: round(sorted[0] ?? NaN),
    median: round(quantile(sorted, 0.5)),
    max: round(sorted.at(-1) ?? NaN),
    count: sorted.length,
  };
  return { name, value: rounds.median, unit, ...judge(rounds.median, goal), rounds };
}

/** @param {Goal | undefined} goal */
function judge(/** @type {number} */ value, goal) {
  if (goal === undefined) return { goal: null, ok: null };
  if ('atLeast' in goal) return { goal: `>= ${goal.atLeast}`, ok: value >= goal.atLeast };
  return { goal: `<= ${goal.atMost}`, ok: value <= goal.atMost };
}

/**
 * The value below which a share of the numbers lies, between neighbours in proportion (numpy's default, type 7).
 *
 * @param {ArrayLike<number>} sorted ascending
 * @param {number} share 0..1
 */
export function quantile(sorted, share) {
  const position = (sorted.length - 1) * share;
  const below = sorted[Math.floor(position)] ?? NaN;
  const above = sorted[Math.ceil(position)] ?? NaN;
  return below + (above - below) * (position - Math.floor(position));
}

/** The middle value, or the mean of the two. */
export function median(/** @type {readonly number[]} */ values) {
  return quantile(
    [...values].sort((left, right) => left - right),
    0.5,
  );
}

/** Four digits that mean something. */
function round(/** @type {number} */ value) {
  return Number(value.toPrecision(4));
}
