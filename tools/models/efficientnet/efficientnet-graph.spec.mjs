import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DEFAULT_LICENCES, defaultCacheFolder, readManifests, serveModel } from '@ganglion/inference';
import { tensor } from '@ganglion/tensor';
import { makeEfficientNetGraph } from './efficientnet-graph.mjs';

const BENCH = new URL('../../bench/', import.meta.url);
/** @type {{ reference: string, side: number, tolerance: number, logits: number[] }} */
const golden = JSON.parse(readFileSync(new URL('golden/efficientnet-lite0.json', import.meta.url), 'utf8'));

/** `painting` of tools/golden/efficientnet.py. */
function painting(/** @type {number} */ side) {
  const data = Float32Array.from({ length: 3 * side * side }, (_, index) => {
    const [x, y] = [index % side, Math.floor(index / side) % side];
    const channel = Math.floor(index / (side * side));
    return (((x * (channel + 2) + y * (7 - channel) + Math.floor((x * y) / 8)) % 256) - 127) / 128;
  });
  return tensor('float32', [1, 3, side, side], data);
}

describe('efficientnet-lite0', () => {
  /** @type {import('@ganglion/inference').ServedModel} */
  let served;

  beforeAll(async () => {
    const found = (await readManifests(fileURLToPath(BENCH))).find(
      ({ manifest }) => manifest.id === 'efficientnet-lite0',
    );
    if (found === undefined) throw new Error('There is no manifest of efficientnet-lite0.');
    served = await serveModel(found, {
      settings: { device: { provider: 'cpu', index: 0 }, intraOpThreads: 1 },
      cacheFolder: defaultCacheFolder(),
      licences: DEFAULT_LICENCES,
    });
  });
  afterAll(() => served?.runner.close());

  it('has the graph that is made of the weights', async () => {
    const graph = makeEfficientNetGraph(await served.readFile('efficientnet-lite0.pth'));
    expect(Buffer.from(await served.readFile('graph.onnx')).equals(graph)).toBe(true);
  });

  it(`gives the logits of ${golden.reference}, at its own size`, async () => {
    const { outputs } = await served.runner.run({ image: painting(golden.side) });
    const logits = /** @type {Float32Array} */ (outputs['logits']?.data);
    const distances = golden.logits.map((value, index) => Math.abs((logits[index] ?? Number.NaN) - value));
    expect(logits).toHaveLength(1_000);
    expect(Math.max(...distances)).toBeLessThan(golden.tolerance);
  });
});

describe('makeEfficientNetGraph', () => {
  it('refuses what is no torch file', () => {
    expect(() => makeEfficientNetGraph(new Uint8Array())).toThrow('cut short');
  });
});
