import { describe, expect, it } from '@jest/globals';
import { modelManifest } from '@ganglion/contracts/model-manifest';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tinyManifest } from '../../test/tiny-app.js';
import type { Session, TensorMap } from '../engine.js';
import { measureBatches } from './measure-batch.js';
import { prepareProbes } from './prepare-probes.js';

/** @param computeMs What a run takes, by its rows. */
async function measure(computeMs: (rows: number) => number, change: object = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'ganglion-measure-'));
  const runs: TensorMap[] = [];
  let clockMs = 0;
  const session: Session = {
    inputs: [],
    outputs: [],
    device: 'cpu',
    run: async (inputs) => {
      runs.push(inputs);
      clockMs += computeMs(inputs.x?.shape[0] ?? 0);
      return {};
    },
    dispose: async () => {},
  };
  const manifest = modelManifest.parse({ ...(await tinyManifest(folder)), ...change });
  await rm(folder, { recursive: true });
  const model = { manifest, readFile: () => Promise.reject(new Error('It has none.')) };
  const [probe] = await prepareProbes(model, undefined);
  return { measured: await measureBatches(session, manifest, probe, () => clockMs), runs };
}

const batchOf = (maxBatch: number) => ({ batching: { axis: 0, maxBatch } });

describe('measureBatches', () => {
  it('fills batches with the rows of a probe', async () => {
    const { runs } = await measure(() => 10);
    expect(runs.at(-1)?.x).toMatchObject({ shape: [4, 2], data: Float32Array.of(1, 2, 1, 2, 1, 2, 1, 2) });
  });

  it('takes the shortest run of a quick batch, and looks twice at a slow one', async () => {
    const { measured, runs } = await measure((rows) => (rows < 16 ? 1 : 15), batchOf(32));
    expect(measured?.largestMs).toBe(15);
    expect(runs.map(({ x }) => x?.shape[0])).toEqual([1, 1, 1, 1, 1, 1, 4, 4, 4, 4, 4, 16, 16, 32, 32]);
  });

  it.each([
    ['the largest batch when each row makes it cheaper', (rows: number) => 10 + rows, 32],
    ['one row when batches save nothing', (rows: number) => 10 * rows, 1],
    ['a batch between when larger ones cost more', (rows: number) => 10 + rows + rows ** 2 / 2, 4],
    ['the smaller of two that are about as good', (rows: number) => 0.5 + rows, 16],
  ])('finds %s', async (_, computeMs, efficientRows) => {
    expect((await measure(computeMs, batchOf(32))).measured?.efficientRows).toBe(efficientRows);
  });

  it('runs a model without batching as its probe says, and one without a probe not at all', async () => {
    const { measured, runs } = await measure(() => 7, { batching: undefined });
    expect(runs.map(({ x }) => x?.shape)).toEqual([
      [1, 2],
      [1, 2],
      [1, 2],
    ]);
    expect(measured).toEqual({ largestMs: 7, efficientRows: 1 });
    expect(await measure(() => 7, { probes: [], unverified: true })).toEqual({ measured: null, runs: [] });
  });
});
