/** @typedef {{ mean: Float64Array, scale: Float64Array }} Standard `(x - mean) * scale`, a column each. */

/** @param {Float32Array} features `[rows, width]` @param {number} width @returns {Standard} */
export function measureStandard(features, width) {
  const rows = features.length / width;
  const mean = new Float64Array(width);
  const squares = new Float64Array(width);
  features.forEach((value, index) => {
    const column = index % width;
    mean[column] = (mean[column] ?? 0) + value / rows;
    squares[column] = (squares[column] ?? 0) + (value * value) / rows;
  });
  const scale = squares.map((square, column) => 1 / Math.sqrt(square - (mean[column] ?? 0) ** 2));
  return { mean, scale };
}

/** A standardised copy of `[rows, width]`. @param {Float32Array} features @param {Standard} standard */
export function standardise(features, { mean, scale }) {
  const width = mean.length;
  return features.map((value, index) => {
    const column = index % width;
    return (value - (mean[column] ?? 0)) * (scale[column] ?? 0);
  });
}
