import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** What is known of a file before it is there. */
export interface ExpectedFile {
  readonly bytes: number;
  /** Lower-case hex. */
  readonly sha256: string;
}

/** The folder that every clone and every service of this user shares, unless `GANGLION_CACHE` names another. */
export function defaultCacheFolder(
  environment: Readonly<NodeJS.ProcessEnv> = process.env,
  platform: NodeJS.Platform = process.platform,
): string {
  const { GANGLION_CACHE, LOCALAPPDATA, XDG_CACHE_HOME } = environment;
  if (GANGLION_CACHE) return resolve(GANGLION_CACHE);
  if (platform === 'win32' && LOCALAPPDATA) return join(LOCALAPPDATA, 'ganglion');
  if (platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'ganglion');
  return join(XDG_CACHE_HOME || join(homedir(), '.cache'), 'ganglion');
}

/**
 * Model files by their content: `models/<sha256>`. A file is there whole or not at all, for it gets its name only once
 * it has been proved; several processes may write the same one at once.
 */
export class ModelCache {
  private readonly folder: string;

  constructor(cacheFolder: string) {
    this.folder = join(cacheFolder, 'models');
  }

  /** Where a file lies, or would. */
  locate({ sha256 }: ExpectedFile): string {
    return join(this.folder, sha256);
  }

  async has(file: ExpectedFile): Promise<boolean> {
    try {
      return (await stat(this.locate(file))).size === file.bytes;
    } catch {
      return false;
    }
  }

  /**
   * Writes a file, and proves it on the way.
   *
   * @throws Error when the content is not what was expected; nothing is left of it then.
   */
  async add(file: ExpectedFile, content: AsyncIterable<Uint8Array>): Promise<void> {
    await mkdir(this.folder, { recursive: true });
    const unproved = join(this.folder, `.${file.sha256}.${randomUUID()}`);
    try {
      await writeProved(unproved, file, content);
      await rename(unproved, this.locate(file));
    } finally {
      await rm(unproved, { force: true });
    }
  }
}

async function writeProved(
  path: string,
  file: ExpectedFile,
  content: AsyncIterable<Uint8Array>,
): Promise<void> {
  const handle = await open(path, 'wx');
  try {
    const hash = createHash('sha256');
    let bytes = 0;
    for await (const chunk of content) {
      bytes += chunk.length;
      // Stops an archive that inflates without end.
      if (bytes > file.bytes) throw new Error(`it has more than the ${file.bytes} bytes of the manifest`);
      hash.update(chunk);
      await handle.write(chunk);
    }
    if (bytes !== file.bytes) throw new Error(`it has ${bytes} bytes instead of ${file.bytes}`);
    const sha256 = hash.digest('hex');
    if (sha256 !== file.sha256) throw new Error(`it has the sha256 ${sha256} instead of ${file.sha256}`);
    await handle.sync();
  } finally {
    await handle.close();
  }
}
