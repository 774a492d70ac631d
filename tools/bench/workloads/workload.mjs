/**
 * One model with what is sent to it and what must come back, the same for every server: `folder` holds `graph.onnx`
 * and all that it needs. An input is `{ features }`, `{ text }` or the bytes of a JPEG; `expected` was computed by our
 * own code over ONNX Runtime, out of `feeds`, a row of the network's inputs each; `verify` throws when an answer is
 * another one; less than `minSeconds` are too few answers to measure.
 *
 * @typedef {{ features: number[] } | { text: string } | Buffer} Input
 * @typedef {{
 *   name: 'tabular' | 'text' | 'image', folder: string, inputs: readonly Input[], expected: readonly unknown[],
 *   feeds: readonly import('../rivals/raw-ort.process.mjs').Feeds[],
 *   verify: (answer: unknown, index: number) => void, minSeconds?: number,
 * }} Workload
 */

/**
 * Throws when an answer is another one: numbers may differ by what `tolerance` says of their names, all else must be
 * equal.
 *
 * @param {unknown} actual
 * @param {unknown} expected
 * @param {(name: string) => number} tolerance
 * @param {string} [name]
 */
export function expectAlike(actual, expected, tolerance, name = '') {
  if (isRecord(actual) && isRecord(expected)) {
    for (const key of new Set([...Object.keys(actual), ...Object.keys(expected)]))
      expectAlike(actual[key], expected[key], tolerance, key);
  } else if (typeof actual === 'number' && typeof expected === 'number') {
    if (!(Math.abs(actual - expected) <= tolerance(name)))
      throw new Error(`${name} is ${actual} where ${expected} ± ${tolerance(name)} is right`);
  } else if (actual !== expected) {
    throw new Error(`${name} is ${JSON.stringify(actual)} where ${JSON.stringify(expected)} is right`);
  }
}

/** @param {unknown} value @returns {value is Record<string, unknown>} an object or an array */
function isRecord(value) {
  return typeof value === 'object' && value !== null;
}
