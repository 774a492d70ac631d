import { HEAD } from '../../models/minilm/sentiment-head.mjs';

/** @typedef {{ mean: Float64Array, scale: Float64Array }} Standard `(x - mean) * scale`, a feature each. */

/** @param {Float32Array} features `[tokens, 1536]` @returns {Standard} */
export function measureStandard(features) {
  const mean = new Float64Array(HEAD.features);
  const squares = new Float64Array(HEAD.features);
  const tokens = features.length / HEAD.features;
  features.forEach((value, index) => {
    const feature = index % HEAD.features;
    mean[feature] = (mean[feature] ?? 0) + value / tokens;
    squares[feature] = (squares[feature] ?? 0) + (value * value) / tokens;
  });
  // A feature that hardly moves must not be blown up.
  const scale = squares.map((square, i) => 1 / (Math.sqrt(Math.max(0, square - (mean[i] ?? 0) ** 2)) + 1e-3));
  return { mean, scale };
}

/** Standardises `[tokens, 1536]` in its place. @param {Float32Array} features @param {Standard} standard */
export function standardise(features, { mean, scale }) {
  for (let index = 0; index < features.length; index += 1) {
    const feature = index % HEAD.features;
    features[index] = ((features[index] ?? 0) - (mean[feature] ?? 0)) * (scale[feature] ?? 0);
  }
}
