import { HEAD } from '../../models/minilm/sentiment-head.mjs';
import { writeSafetensors } from '../../models/write-safetensors.mjs';

/** @typedef {import('./standardise.mjs').Standard} Standard */

/**
 * The bytes of `head.safetensors`: the head as it serves, with the standardisation of its inputs folded into the first
 * layer and the temperature into the last.
 *
 * @param {Readonly<Record<string, Float32Array>>} weights As trained.
 * @param {Standard} standard
 * @param {number} temperature
 */
export function exportHead(weights, standard, temperature) {
  const get = (/** @type {string} */ name) => weights[name] ?? new Float32Array();
  const cool = (/** @type {string} */ name) => get(name).map((value) => value / temperature);
  return writeSafetensors({
    ...foldStandard(get('token.weight'), get('token.bias'), standard),
    'attention.weight': { shape: [HEAD.width, HEAD.views], data: get('attention.weight') },
    'class.weight': { shape: [HEAD.width * HEAD.views, HEAD.classes], data: cool('class.weight') },
    'class.bias': { shape: [HEAD.classes], data: cool('class.bias') },
  });
}

/**
 * ((x - mean) · scale) W + b = x (scale · W) + (b - mean · scale · W)
 *
 * @param {Float32Array} weight `[1536, 32]`
 * @param {Float32Array} bias `[32]`
 * @param {Standard} standard
 */
function foldStandard(weight, bias, { mean, scale }) {
  const folded = new Float64Array(weight.length);
  const shifted = Float64Array.from(bias);
  weight.forEach((value, index) => {
    const feature = Math.floor(index / HEAD.width);
    const unit = index % HEAD.width;
    const scaled = value * (scale[feature] ?? 0);
    folded[index] = scaled;
    shifted[unit] = (shifted[unit] ?? 0) - (mean[feature] ?? 0) * scaled;
  });
  return {
    'token.weight': { shape: [HEAD.features, HEAD.width], data: Float32Array.from(folded) },
    'token.bias': { shape: [HEAD.width], data: Float32Array.from(shifted) },
  };
}
