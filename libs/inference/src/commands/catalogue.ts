import { readdir, readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ownModelFolders } from '../hub/hub-settings.js';
import { locateFile } from '../hub/locate-file.js';
import { defaultCacheFolder, ModelCache, type ExpectedFile } from '../hub/model-cache.js';
import { DEFAULT_LICENCES, mayLoad } from '../manifests/licence-gate.js';
import {
  readManifests,
  readOwnManifests,
  requireUnique,
  type FoundManifest,
} from '../manifests/read-manifests.js';
import { UsageError } from './usage-error.js';

/** Of the clone that this program is part of. */
const APPS = fileURLToPath(new URL('../../../../apps', import.meta.url));

export type ModelState = 'cached' | 'missing' | 'licence refused';

/** The models that this machine knows of, and the cache that they are pulled into. */
export class Catalogue {
  readonly cache: ModelCache;
  /** Holds unfinished downloads. */
  readonly downloadFolder: string;

  private constructor(
    readonly models: readonly FoundManifest[],
    /** What the apps' samples send; it lies in the same cache. */
    readonly sampleFiles: readonly ExpectedFile[],
    readonly cacheFolder: string,
    readonly licences: readonly string[],
  ) {
    this.cache = new ModelCache(cacheFolder);
    this.downloadFolder = join(cacheFolder, 'downloads');
  }

  /**
   * Reads the manifests of apps, and those of the folders that `GANGLION_MODELS` lists.
   *
   * @param folders Of apps; every app of this clone when there is none.
   */
  static async read(folders: readonly string[]): Promise<Catalogue> {
    const appFolders = folders.length > 0 ? await requireFolders(folders) : await findApps();
    const ofApps = (await Promise.all(appFolders.map(readManifests))).flat();
    const models = [...ofApps, ...(await readOwnManifests(ownModelFolders()))];
    requireUnique(models);
    const sampleFiles = (await Promise.all(appFolders.map(readSampleFiles))).flat();
    const listed = process.env['GANGLION_LICENCES'];
    const licences = listed ? listed.split(',').map((id) => id.trim()) : DEFAULT_LICENCES;
    return new Catalogue(models, sampleFiles, defaultCacheFolder(), licences);
  }

  /**
   * The models of these names: `<id>` or `<id>@<version>`.
   *
   * @throws UsageError when there is none of a name.
   */
  choose(names: readonly string[]): FoundManifest[] {
    const isNamed = ({ manifest: { id, version } }: FoundManifest, name: string) =>
      name === id || name === `${id}@${version}`;
    const unknown = names.find((name) => !this.models.some((found) => isNamed(found, name)));
    if (unknown !== undefined) {
      const known = this.models.map(({ manifest }) => manifest.id).join(', ') || 'none';
      throw new UsageError(`There is no model "${unknown}"; known are: ${known}.`);
    }
    return this.models.filter((found) => names.some((name) => isNamed(found, name)));
  }

  /** @throws Error when one of these may not be loaded. */
  requireLicences(models: readonly FoundManifest[]): void {
    const refused = models.find(({ manifest }) => !mayLoad(manifest, this.licences))?.manifest;
    if (refused !== undefined)
      throw new Error(
        `The licence of ${refused.id} is ${refused.licence}, which GANGLION_LICENCES does not list.`,
      );
  }

  async stateOf({ manifest, folder }: FoundManifest): Promise<ModelState> {
    if (!mayLoad(manifest, this.licences)) return 'licence refused';
    const locations = await Promise.all(manifest.files.map((file) => locateFile(file, folder, this.cache)));
    return locations.includes(null) ? 'missing' : 'cached';
  }
}

async function requireFolders(folders: readonly string[]): Promise<string[]> {
  for (const folder of folders) {
    const stats = await stat(folder).catch(() => null);
    if (!stats?.isDirectory()) throw new UsageError(`There is no folder ${folder}.`);
  }
  return folders.map((folder) => resolve(folder));
}

async function findApps(): Promise<string[]> {
  const names = await readdir(APPS).catch(() => {
    throw new UsageError(`There are no apps at ${APPS}: name their folders by --folder.`);
  });
  return names.sort().map((name) => join(APPS, name));
}

/** The `file` of each sample that sends one (`samples/*.json`). */
async function readSampleFiles(appFolder: string): Promise<ExpectedFile[]> {
  const folder = join(appFolder, 'samples');
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.json')).sort();
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
  return texts.flatMap((text) => {
    const { request } = JSON.parse(text) as { request?: { file?: ExpectedFile } };
    return request?.file ?? [];
  });
}
