import { manifestDigest } from '@ganglion/contracts/digest';
import type { SlotVersion } from '@ganglion/contracts/slots';
import { readManifests, readOwnManifests, requireUnique, type FoundManifest } from '@ganglion/inference';
import { referenceOf } from './slot-version.js';

/** The manifests that a service can find: its app's, and the user's own that name one of its slots. */
export class ModelCatalogue {
  private constructor(
    private readonly ofApp: readonly FoundManifest[],
    private readonly own: readonly FoundManifest[],
    private readonly appFolder: string,
  ) {}

  /**
   * @param service Name of the service, with which the names of its slots begin.
   * @throws Error when a manifest is wrong, or two are the same model in the same version.
   */
  static async read(
    appFolder: string,
    modelFolders: readonly string[],
    service: string,
  ): Promise<ModelCatalogue> {
    const own = (await readOwnManifests(modelFolders)).filter(({ manifest }) =>
      manifest.slot?.startsWith(`${service}/`),
    );
    const ofApp = await readManifests(appFolder);
    requireUnique([...ofApp, ...own]);
    return new ModelCatalogue(ofApp, own, appFolder);
  }

  /**
   * What a slot uses until told otherwise; a default of the user's own takes the place of the app's.
   *
   * @throws Error when there is none, or more than one.
   */
  defaultOf(slot: string): FoundManifest {
    for (const manifests of [this.own, this.ofApp]) {
      const [first, second] = manifests.filter(({ manifest }) => manifest.slot === slot && manifest.default);
      if (first === undefined) continue;
      if (second === undefined) return first;
      throw new Error(`Both ${first.manifest.id} and ${second.manifest.id} are the default of "${slot}".`);
    }
    throw new Error(`No manifest in ${this.appFolder}/models has "slot": "${slot}" and "default": true.`);
  }

  /** @throws Error that says what is there, when the version is not, or is another than the one that was meant. */
  find(slot: string, { model, digest }: Pick<SlotVersion, 'model' | 'digest'>): FoundManifest {
    const ofSlot = [...this.ofApp, ...this.own].filter(({ manifest }) => manifest.slot === slot);
    const found = ofSlot.find(({ manifest }) => referenceOf(manifest) === model);
    if (found === undefined) {
      const known = ofSlot.map(({ manifest }) => referenceOf(manifest)).join(', ');
      throw new Error(`No manifest here is ${model} for the slot "${slot}"; there are: ${known || 'none'}.`);
    }
    const actual = manifestDigest(found.manifest);
    if (digest === undefined || digest === actual) return found;
    throw new Error(`The manifest of ${model} here has the digest ${actual}.`);
  }
}
