import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { openPromise } from 'yauzl';
import { tarEntries } from './tar-entries.js';

/** Takes one file of an archive; its content must be read to the end. */
export type TakeFile = (path: string, content: AsyncIterable<Uint8Array>) => Promise<void>;

/**
 * Reads the files of these paths out of a package; nothing is unpacked, so no name in it can lead anywhere.
 *
 * @param wanted Paths within the package; those that it lacks are passed over.
 * @throws Error when the archive is damaged.
 */
export async function readArchive(
  archive: { readonly kind: 'npm' | 'pypi'; readonly location: string },
  wanted: ReadonlySet<string>,
  take: TakeFile,
): Promise<void> {
  await (archive.kind === 'npm' ? readTarball : readWheel)(archive.location, wanted, take);
}

/** A tarball of npm: its files lie in one folder, mostly `package/`, which is not part of their paths. */
async function readTarball(location: string, wanted: ReadonlySet<string>, take: TakeFile): Promise<void> {
  for await (const entry of tarEntries(createReadStream(location), createGunzip())) {
    const { name, type } = entry.header;
    const path = name.slice(name.indexOf('/') + 1);
    if (type === 'file' && wanted.has(path)) await take(path, entry);
  }
}

/** A wheel is a zip file. */
async function readWheel(location: string, wanted: ReadonlySet<string>, take: TakeFile): Promise<void> {
  const zip = await openPromise(location, { lazyEntries: true, autoClose: false });
  try {
    for await (const entry of zip.eachEntry()) {
      if (wanted.has(entry.fileName)) await take(entry.fileName, await zip.openReadStreamPromise(entry));
    }
  } finally {
    zip.close();
  }
}
