/** @typedef {import('./build-features.mjs').Table} Table */

const BACKGROUND_ROWS = 32;
const DIGITS = 4;

/**
 * The least and the most of each column, rounded outwards.
 *
 * @param {Float32Array} features `[rows, width]`
 * @param {number} width
 */
export function measureRanges(features, width) {
  const ranges = Array.from({ length: width }, () => [Infinity, -Infinity]);
  features.forEach((value, index) => {
    const [least = 0, most = 0] = ranges[index % width] ?? [];
    ranges[index % width] = [Math.min(least, value), Math.max(most, value)];
  });
  return ranges.map(([least = 0, most = 0]) => [round(least, Math.floor), round(most, Math.ceil)]);
}

/**
 * What explanations compare with: the transactions that were no frauds, in 32 groups of equally many by their score, and
 * the mean features of each group. Means, for no single transaction of the data shall be in the model.
 *
 * @param {Table} table
 * @param {Float32Array} scores One a row.
 * @returns {number[][]} `[32, width]`
 */
export function summariseBackground({ features, labels }, scores) {
  const width = features.length / labels.length;
  const ordinary = [...labels.keys()]
    .filter((row) => labels[row] === 0)
    .sort((a, b) => (scores[a] ?? 0) - (scores[b] ?? 0) || a - b);
  return Array.from({ length: BACKGROUND_ROWS }, (_, group) => {
    const bound = (/** @type {number} */ index) => Math.floor((index * ordinary.length) / BACKGROUND_ROWS);
    const rows = ordinary.slice(bound(group), bound(group + 1));
    return Array.from({ length: width }, (_, column) => {
      const sum = rows.reduce((total, row) => total + (features[row * width + column] ?? 0), 0);
      return round(sum / rows.length, Math.round);
    });
  });
}

/** @param {number} value @param {(value: number) => number} direction */
function round(value, direction) {
  return direction(value * 10 ** DIGITS) / 10 ** DIGITS;
}
