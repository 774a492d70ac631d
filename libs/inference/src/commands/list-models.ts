import type { Catalogue } from './catalogue.js';
import type { Output } from './output.js';
import { megabytes } from './output.js';

/** Lists every model that is known. */
export async function listModels(catalogue: Catalogue, output: Output, json: boolean): Promise<void> {
  const rows = catalogue.models.map(async (found) => {
    const { id, version, task, slot, licence, files, ...manifest } = found.manifest;
    const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
    return {
      id,
      version,
      task,
      ...(json ? { bytes } : { size: megabytes(bytes) }),
      licence,
      state: await catalogue.stateOf(found),
      slot: slot ?? null,
      default: manifest.default,
    };
  });
  output.table(await Promise.all(rows));
}
