import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** What is known of a file before it is there. */
export interface ExpectedFile {
  readonly bytes: number;
  /** Lower-case hex. */
  readonly sha256: string;
}

/** A file of the cache. */
export interface CacheEntry {
  /** The sha256 of its content, when it is whole. */
  readonly name: string;
  readonly path: string;
  readonly bytes: number;
  readonly isWhole: boolean;
  readonly modifiedMs: number;
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
  /** Of the files. */
  readonly folder: string;

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
   * Takes a file in that lies on the same disk; it is moved.
   *
   * @returns What is wrong with its content, and then it stays where it is; null when it was taken.
   */
  async adopt(file: ExpectedFile, path: string): Promise<string | null> {
    const problem = await proveFile(path, file);
    if (problem !== null) return problem;
    await mkdir(this.folder, { recursive: true });
    await rename(path, this.locate(file));
    return null;
  }

  /**
   * What lies in the cache: whole files by their sha256, and what a process is writing, or left when it was killed.
   *
   * @returns None when there is no cache yet.
   */
  async entries(): Promise<CacheEntry[]> {
    const names = await readdir(this.folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return [];
      throw error;
    });
    const found = names.sort().map(async (name): Promise<CacheEntry | null> => {
      const path = join(this.folder, name);
      const stats = await stat(path).catch(() => null);
      if (stats === null || !stats.isFile()) return null;
      return {
        name,
        path,
        bytes: stats.size,
        isWhole: /^[0-9a-f]{64}$/.test(name),
        modifiedMs: stats.mtimeMs,
      };
    });
    return (await Promise.all(found)).filter((entry) => entry !== null);
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
    const problem = await proveContent(content, file, (chunk) => handle.write(chunk));
    if (problem !== null) throw new Error(problem);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** @returns What is wrong with a file, in words that follow its name; null when it is what was expected. */
export function proveFile(path: string, file: ExpectedFile): Promise<string | null> {
  return proveContent(createReadStream(path), file);
}

/** Reads no further than it takes to tell: an archive that inflates without end is stopped. */
async function proveContent(
  content: AsyncIterable<Uint8Array>,
  file: ExpectedFile,
  take?: (chunk: Uint8Array) => Promise<unknown>,
): Promise<string | null> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of content) {
    bytes += chunk.length;
    if (bytes > file.bytes) return `it has more than the ${file.bytes} bytes of the manifest`;
    hash.update(chunk);
    await take?.(chunk);
  }
  if (bytes !== file.bytes) return `it has ${bytes} bytes instead of ${file.bytes}`;
  const sha256 = hash.digest('hex');
  return sha256 === file.sha256 ? null : `it has the sha256 ${sha256} instead of ${file.sha256}`;
}
