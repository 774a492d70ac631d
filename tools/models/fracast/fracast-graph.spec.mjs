import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import ort from 'onnxruntime-node';
import { writeSafetensors } from '../write-safetensors.mjs';
import { makeFracastGraph } from './fracast-graph.mjs';

/**
 * @type {{ reference: string, tolerance: number, weights: Record<string, number[]>, inputs: Record<string, number[]>,
 *   quantiles: number[] }}
 */
const golden = JSON.parse(readFileSync(new URL('golden/fracast.json', import.meta.url), 'utf8'));

/** `wave` of tools/golden/fracast.py. */
function wave(/** @type {number} */ number, /** @type {number[]} */ shape, /** @type {number} */ size) {
  const length = shape.reduce((product, axis) => product * axis, 1);
  return Float32Array.from({ length }, (_, n) => size * Math.sin(number + 1.3 * n + 0.001 * n * n));
}

const weights = writeSafetensors(
  Object.fromEntries(
    Object.entries(golden.weights).map(([name, shape], number) => [
      name,
      { shape, data: wave(number, shape, 0.2) },
    ]),
  ),
);

async function runGraph() {
  const folder = mkdtempSync(join(tmpdir(), 'fracast-'));
  try {
    writeFileSync(join(folder, 'model.safetensors'), weights);
    writeFileSync(join(folder, 'graph.onnx'), makeFracastGraph(weights));
    const session = await ort.InferenceSession.create(join(folder, 'graph.onnx'));
    const feeds = Object.entries(golden.inputs).map(([name, shape], number) => [
      name,
      new ort.Tensor('float32', wave(100 + number, shape, 1), shape),
    ]);
    const { quantiles } = await session.run(Object.fromEntries(feeds));
    await session.release();
    return /** @type {import('onnxruntime-node').Tensor} */ (quantiles);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('makeFracastGraph', () => {
  it(`gives the quantiles of ${golden.reference}`, async () => {
    const quantiles = await runGraph();
    expect([...quantiles.dims]).toEqual([2, 48, 9]);
    const data = /** @type {Float32Array} */ (quantiles.data);
    const distances = golden.quantiles.map((value, index) => Math.abs((data[index] ?? Number.NaN) - value));
    expect(Math.max(...distances)).toBeLessThan(golden.tolerance);
  });

  it('names the weight that a file lacks', () => {
    expect(() => makeFracastGraph(writeSafetensors({}))).toThrow('holds no tensor "core.in_proj.weight"');
  });
});
