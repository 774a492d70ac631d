import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tinyManifest, writeManifests } from '../../test/tiny-app.js';
import { readManifests } from './read-manifests.js';

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
      'd.json': manifest,
      'e.json': '[]',
    });
    const message = await readManifests(app).then(String, (error: Error) => error.message);
    const lines = message.split('\n  ');
    expect(lines[0]).toBe(`The models in ${join(app, 'models')} can't be used:`);
    expect(lines.slice(1).map((line) => line.split(':').slice(0, 2).join(':'))).toEqual([
      'a.json: is no JSON',
      'b.json: version',
      'b.json: licence',
      'e.json: manifest',
      'tiny@1.0.0 is there twice',
    ]);
  });
});
