import { describe, expect, it } from '@jest/globals';
import ort from 'onnxruntime-node';
import { Random } from '../random.mjs';
import { exportGraph } from './export-graph.mjs';
import { readNpy, SIDE } from './read-films.mjs';
import { predictLogits, RECIPE, trainNetwork } from './train-network.mjs';

/** Films of noise; those of label 1 are bright in a place. @param {number} count */
function toyFilms(count) {
  const random = new Random(1);
  const labels = Uint8Array.from({ length: count }, (_, i) => i % 2);
  const pixels = Uint8Array.from({ length: count * SIDE * SIDE }, (_, i) => {
    const [x, y] = [i % SIDE, Math.floor(i / SIDE) % SIDE];
    const isBright = labels[Math.floor(i / SIDE / SIDE)] === 1 && Math.hypot(x - 14, y - 14) < 5;
    return 60 + Math.floor(random.next() * 40) + (isBright ? 100 : 0);
  });
  return { pixels, labels };
}

describe('a network', () => {
  const films = toyFilms(120);
  const rows = [...films.labels.keys()];
  RECIPE.steps = 12;
  const layers = trainNetwork(films, rows.slice(0, 100), 7);

  it('learns what tells films apart', () => {
    const logits = predictLogits(layers, films, rows.slice(100));
    const least = Math.min(...logits.filter((_, i) => i % 2 === 1));
    expect(least).toBeGreaterThan(Math.max(...logits.filter((_, i) => i % 2 === 0)));
  }, 60_000);

  it('gives the same for the same seed, and another for another', () => {
    RECIPE.steps = 2;
    const logits = (/** @type {number} */ seed) =>
      predictLogits(trainNetwork(films, rows.slice(0, 80), seed), films, rows.slice(100));
    expect(logits(3)).toEqual(logits(3));
    expect(logits(3)).not.toEqual(logits(4));
  }, 60_000);

  it('says in ONNX what it says in TensorFlow.js, averaged and calibrated', async () => {
    RECIPE.steps = 2;
    const other = trainNetwork(films, rows.slice(0, 80), 5);
    const graph = exportGraph([layers, other], { slope: 2, offset: -0.5 });
    const session = await ort.InferenceSession.create(graph);
    const pixels = Float32Array.from(films.pixels.subarray(0, 3 * SIDE * SIDE), (value) => value / 255);
    const { log_likelihood_ratio: ratios } = await session.run({
      films: new ort.Tensor('float32', pixels, [3, SIDE, SIDE]),
    });
    const [a, b] = [layers, other].map((network) => predictLogits(network, films, [0, 1, 2]));
    for (const row of [0, 1, 2]) {
      const mean = ((a?.[row] ?? NaN) + (b?.[row] ?? NaN)) / 2;
      expect(ratios?.data[row]).toBeCloseTo(2 * mean - 0.5, 3);
    }
  }, 60_000);
});

describe('readNpy', () => {
  const file = (/** @type {string} */ header, /** @type {number[]} */ bytes) => {
    const head = Buffer.from(`\x93NUMPY\x01\x00..${header}`, 'latin1');
    head.writeUInt16LE(header.length, 8);
    return Buffer.concat([head, Buffer.from(bytes)]);
  };

  it('reads unsigned bytes', () => {
    const header = "{'descr': '|u1', 'fortran_order': False, 'shape': (2, 3), }\n";
    expect(readNpy(file(header, [1, 2, 3, 4, 5, 6]), 'a')).toEqual({
      shape: [2, 3],
      data: Uint8Array.of(1, 2, 3, 4, 5, 6),
    });
    expect(() => readNpy(file(header, [1, 2]), 'a')).toThrow('a is no .npy file');
    expect(() => readNpy(file(header.replace('u1', 'f8'), [1]), 'a')).toThrow('a is no .npy file');
  });
});
