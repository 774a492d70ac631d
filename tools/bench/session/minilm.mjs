/** The sentiment model of `apps/nlp`, with the files that `npm start` or `npm test` has pulled, in any place. */
import { defaultCacheFolder } from '@ganglion/inference';
import { tensor } from '@ganglion/tensor';
import { serve } from '../runner/contenders.mjs';
import { openSubject } from '../runner/subjects.mjs';

/**
 * @param {string} placement
 * @returns {Promise<import('@ganglion/inference').ServedModel>}
 */
export async function openMiniLm(placement) {
  const subject = await openSubject('minilm');
  const manifest = /** @type {typeof subject.found.manifest} */ ({ ...subject.found.manifest, placement });
  return serve(
    { ...subject, found: { ...subject.found, manifest } },
    { cacheFolder: defaultCacheFolder(process.env) },
  );
}

/** Runs the inputs of the first probe. */
export function runOnce(/** @type {import('@ganglion/inference').ServedModel} */ { runner, manifest }) {
  const [probe] = manifest.probes;
  if (!probe?.inputs) throw new Error(`${manifest.id} has no probe of tensors.`);
  const inputs = Object.entries(probe.inputs).map(([name, { dtype, shape, data }]) => {
    if (dtype !== 'int64') throw new Error(`"${name}" is ${dtype}, but int64 was expected.`);
    return [name, tensor(dtype, shape, BigInt64Array.from(data, BigInt))];
  });
  return runner.run(Object.fromEntries(inputs));
}
