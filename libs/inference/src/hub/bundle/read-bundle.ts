import { createReadStream } from 'node:fs';
import type { Entry } from 'tar-stream';
import { explainDisk } from '../download-error.js';
import type { ExpectedFile, ModelCache } from '../model-cache.js';
import { tarEntries } from '../tar-entries.js';
import { CHECKSUMS, isEntryName, sha256Of } from './bundle-entry.js';

const MOST_CHECKSUM_BYTES = 10_000_000;

/**
 * Takes files out of a bundle into the cache, each proved on the way; nothing else of it is written anywhere, so no name
 * in it can lead anywhere.
 *
 * @param wanted By their sha256; files that nobody wants are passed over.
 * @returns How many were taken.
 * @throws Error when it is no bundle, is damaged, or ends early; what was taken before is whole.
 */
export async function readBundle(
  path: string,
  wanted: ReadonlyMap<string, ExpectedFile>,
  cache: ModelCache,
): Promise<number> {
  try {
    return await takeAll(tarEntries(createReadStream(path)), wanted, cache);
  } catch (error) {
    throw explain(error as NodeJS.ErrnoException, path, cache);
  }
}

function explain(error: NodeJS.ErrnoException, path: string, { folder }: ModelCache): unknown {
  const explained = explainDisk(error, folder);
  if (explained !== error) return explained;
  if (error.code === 'ENOENT') return new Error(`There is no ${path}.`, { cause: error });
  return new Error(`${path} is no whole bundle of models: ${error.message}.`, { cause: error });
}

async function takeAll(
  entries: AsyncIterable<Entry>,
  wanted: ReadonlyMap<string, ExpectedFile>,
  cache: ModelCache,
): Promise<number> {
  let expected: Set<string> | null = null;
  let taken = 0;
  for await (const entry of entries) {
    const { name, type } = entry.header;
    if (type !== 'file' || !isEntryName(name))
      throw new Error(`it holds the ${type} ${JSON.stringify(name)}`);
    if (expected === null) {
      if (name !== CHECKSUMS) throw new Error(`it does not begin with ${CHECKSUMS}`);
      expected = await readNames(entry);
      continue;
    }
    if (!expected.delete(name)) throw new Error(`${CHECKSUMS} does not list ${name}`);
    const file = wanted.get(sha256Of(name) ?? '');
    if (file === undefined) continue;
    await cache.add(file, entry);
    taken += 1;
  }
  if (expected === null) throw new Error('it is empty');
  const [lacking] = expected;
  if (lacking !== undefined) throw new Error(`it lacks ${lacking}`);
  return taken;
}

async function readNames(entry: Entry): Promise<Set<string>> {
  if ((entry.header.size ?? 0) > MOST_CHECKSUM_BYTES) throw new Error(`${CHECKSUMS} is too long`);
  let text = '';
  for await (const chunk of entry) text += String(chunk);
  return new Set(text.split('\n').flatMap((line) => line.slice(66) || []));
}
