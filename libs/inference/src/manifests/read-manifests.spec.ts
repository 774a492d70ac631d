import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tinyManifest, writeManifests } from '../../test/tiny-app.js';
import { readManifests, readOwnManifests, requireUnique } from './read-manifests.js';

describe('readManifests', () => {
  let app: string;
  beforeEach(async () => {
    app = await mkdtemp(join(tmpdir(), 'ganglion-manifests-'));
  });
  afterEach(() => rm(app, { recursive: true }));

  it('finds every manifest of an app', async () => {
    const manifest = await tinyManifest(app);
    await writeManifests(app, {
      'b.json': manifest,
      'a.json': { ...manifest, version: '0.9.0' },
      'readme.md': '#',
    });
    const found = await readManifests(app);
    expect(found.map(({ manifest: { id, version } }) => `${id}@${version}`)).toEqual([
      'tiny@0.9.0',
      'tiny@1.0.0',
    ]);
    expect(found[0]?.folder).toBe(join(app, 'models'));
  });

  it('finds none in an app without models', async () => {
    expect(await readManifests(app)).toEqual([]);
  });

  it('lists every problem of every manifest at once', async () => {
    const manifest = await tinyManifest(app);
    await writeManifests(app, {
      'a.json': '{',
      'b.json': { ...manifest, version: 'new', licence: '' },
      'c.json': manifest,
      'd.json': '[]',
    });
    const message = await readManifests(app).then(String, (error: Error) => error.message);
    const lines = message.split('\n  ');
    expect(lines[0]).toBe(`The models in ${join(app, 'models')} can't be used:`);
    expect(lines.slice(1).map((line) => line.split(':').slice(0, 2).join(':'))).toEqual([
      'a.json: is no JSON',
      'b.json: version',
      'b.json: licence',
      'd.json: manifest',
    ]);
  });

  it('refuses the same version of a model twice', async () => {
    const manifest = await tinyManifest(app);
    await writeManifests(app, { 'a.json': manifest, 'b.json': manifest });
    await expect(readManifests(app)).rejects.toThrow('tiny@1.0.0 is there twice');
  });

  it("reads a user's own folders, and says which one is not there", async () => {
    const models = join(app, 'models');
    await writeManifests(app, { 'tiny.json': await tinyManifest(app) });
    const own = await readOwnManifests([models]);
    expect(own).toMatchObject([{ manifest: { id: 'tiny' }, folder: models }]);
    await expect(readOwnManifests([models, models])).rejects.toThrow('tiny@1.0.0 is there twice');
    expect(() => requireUnique([...own, { ...own[0]!, folder: '/elsewhere' }])).toThrow(
      `tiny@1.0.0 is there twice: in ${models} and in /elsewhere.`,
    );
    await expect(readOwnManifests([join(app, 'gone')])).rejects.toThrow(
      `GANGLION_MODELS names ${join(app, 'gone')}, which can't be read (ENOENT).`,
    );
  });
});
