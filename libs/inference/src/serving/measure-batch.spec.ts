import { describe, expect, it } from '@jest/globals';
import { modelManifest } from '@ganglion/contracts/model-manifest';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tinyManifest } from '../../test/tiny-app.js';
import type { Session, TensorMap } from '../engine.js';
import { measureLargestBatch } from './measure-batch.js';

async function measure(computeMs: number, change: object = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'ganglion-measure-'));
  const runs: TensorMap[] = [];
  let clockMs = 0;
  const session: Session = {
    inputs: [],
    outputs: [],
    device: 'cpu',
    run: async (inputs) => {
      runs.push(inputs);
      clockMs += computeMs;
      return {};
    },
    dispose: async () => {},
  };
  const manifest = modelManifest.parse({ ...(await tinyManifest(folder)), ...change });
  await rm(folder, { recursive: true });
  return { ms: await measureLargestBatch(session, manifest, () => clockMs), runs };
}

describe('measureLargestBatch', () => {
  it('fills the largest batch with the rows of a probe', async () => {
    const { runs } = await measure(0);
    expect(runs[0]?.x).toMatchObject({ shape: [4, 2], data: Float32Array.of(1, 2, 1, 2, 1, 2, 1, 2) });
  });

  it('takes the shortest run of a quick model, and looks once at a slow one', async () => {
    const quick = await measure(1);
    expect(quick.ms).toBe(1);
    expect(quick.runs).toHaveLength(6);
    const slow = await measure(15);
    expect(slow.ms).toBe(15);
    expect(slow.runs).toHaveLength(2);
  });

  it('runs a model without batching as its probe says, and one without a probe not at all', async () => {
    const { runs } = await measure(0, { batching: undefined });
    expect(runs[0]?.x?.shape).toEqual([1, 2]);
    expect(await measure(0, { probes: [], unverified: true })).toEqual({ ms: null, runs: [] });
  });
});
