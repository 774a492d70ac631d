import { tensor } from '@ganglion/tensor';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DEFAULT_LICENCES,
  estimateModelBytes,
  readManifests,
  Residency,
  serveModel,
  type FoundManifest,
  type Resident,
  type ServedModel,
} from '../src/index.js';
import { tinyManifest, writeManifests } from './tiny-app.js';
import { expectedOutput, settings } from './tiny-models.js';

let app: string;
let found: FoundManifest[];

beforeAll(async () => {
  app = await mkdtemp(join(tmpdir(), 'ganglion-residency-'));
  const manifest = await tinyManifest(app);
  const versions = ['1.0.0', '2.0.0', '3.0.0'];
  await writeManifests(
    app,
    Object.fromEntries(versions.map((version) => [`tiny-${version}.json`, { ...manifest, version }])),
  );
  found = await readManifests(app);
});
afterAll(() => rm(app, { recursive: true }));

/** Real models in a residency, and which of them are loaded at the same time at the most. */
function admitAll(budgetModels: number) {
  const bytes = estimateModelBytes(found[0]!.manifest, 1);
  const residency = new Residency({ budgetBytes: budgetModels * bytes, maxHeld: 1_000 });
  const loaded = new Set<string>();
  const peaks: number[] = [];
  const residents = found.map((each) =>
    residency.admit<ServedModel>({
      name: each.manifest.version,
      bytes,
      load: async () => {
        const served = await serveModel(each, { settings, cacheFolder: app, licences: DEFAULT_LICENCES });
        loaded.add(each.manifest.version);
        peaks.push(loaded.size);
        return served;
      },
      unload: async ({ runner }) => {
        await runner.close();
        loaded.delete(each.manifest.version);
      },
    }),
  );
  return { residency, residents, peak: () => Math.max(...peaks), loads: () => peaks.length };
}

async function run(resident: Resident<ServedModel>): Promise<number[]> {
  const { outputs } = await resident.use({ deadline: performance.now() + 20_000 }, ({ runner }) =>
    runner.run({ x: tensor('float32', [1, 2], Float32Array.of(1, 2)) }),
  );
  return Array.from(outputs.y!.data as Float32Array);
}

describe('models under one memory budget', () => {
  it('answer every call, however few of them fit', async () => {
    const { residency, residents, peak, loads } = admitAll(1);
    const answers = await Promise.all(
      Array.from({ length: 60 }, (_, index) => run(residents[index % 3] as Resident<ServedModel>)),
    );
    expect(answers).toEqual(answers.map(() => expectedOutput([[1, 2]])));
    expect(peak()).toBe(1);
    expect(loads()).toBeGreaterThanOrEqual(3);
    await Promise.all(residents.map((resident) => resident.retire()));
    expect(residency.takenBytes).toBe(0);
  });

  it('stay where all fit', async () => {
    const { residents, loads } = admitAll(3);
    for (let round = 0; round < 3; round++) await Promise.all(residents.map(run));
    expect(loads()).toBe(3);
    await Promise.all(residents.map((resident) => resident.retire()));
  });
});

describe('estimateModelBytes', () => {
  it('goes by the files, or by the limit of the manifest, for each instance', () => {
    const files = [{ path: 'a', bytes: 1_000, sha256: '', sources: [''] }];
    expect(estimateModelBytes({ files, limits: {} }, 1)).toBe(3_000 + 32 * 1024 ** 2);
    expect(estimateModelBytes({ files, limits: { memoryMb: 256 } }, 2)).toBe(512 * 1024 ** 2);
  });
});
