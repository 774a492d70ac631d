import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';

/** Nobody writes any more to what another machine left alone for that long. */
const ABANDONED_MS = 60 * 60 * 1_000;
const HOST = hostname().replaceAll(/[^A-Za-z0-9-]/g, '-');

/** Names of the parts that this process works on. */
const working = new Set<string>();

/**
 * What has come so far of a file that is being downloaded: a folder with `content`, and with the `etag` of the whole
 * that it belongs to. It is its process's alone; when that has ended, the next pull takes the part over by a rename.
 */
export class Part {
  private constructor(
    private readonly folder: string,
    private readonly name: string,
  ) {}

  /** Takes over what an earlier pull left of this file, or begins with nothing. */
  static async claim(folder: string, sha256: string): Promise<Part> {
    await mkdir(folder, { recursive: true });
    const name = `${sha256}+${HOST}+${process.pid}+${randomUUID()}`;
    working.add(name);
    const part = new Part(join(folder, name), name);
    for (const other of await readdir(folder)) {
      if (!other.startsWith(`${sha256}+`) || !(await isAbandoned(folder, other))) continue;
      // Fails when another pull was quicker.
      if (await succeeds(rename(join(folder, other), part.folder))) return part;
    }
    await mkdir(part.folder);
    return part;
  }

  get content(): string {
    return join(this.folder, 'content');
  }

  async bytes(): Promise<number> {
    return (await stat(this.content).catch(() => ({ size: 0 }))).size;
  }

  /** Null when a rest could not be told from the rest of something else. */
  etag(): Promise<string | null> {
    return readFile(join(this.folder, 'etag'), 'utf8').catch(() => null);
  }

  /** Forgets what has come, and notes what comes now. */
  async restart(etag: string | null): Promise<void> {
    await rm(this.content, { force: true });
    await rm(join(this.folder, 'etag'), { force: true });
    if (etag !== null) await writeFile(join(this.folder, 'etag'), etag);
  }

  /** Adds chunks to its end, and tells each one's length. */
  async append(chunks: AsyncIterable<Uint8Array>, onChunk: (bytes: number) => void): Promise<void> {
    const handle = await open(this.content, 'a');
    try {
      for await (const chunk of chunks) {
        onChunk(chunk.length);
        await handle.write(chunk);
      }
      await handle.sync();
    } finally {
      await handle.close();
    }
  }

  /** Leaves it to the next pull; nothing that could be gone on with is left. */
  async release(): Promise<void> {
    const isOfUse = (await this.bytes()) > 0 && (await this.etag()) !== null;
    if (!isOfUse) return this.discard();
    working.delete(this.name);
  }

  async discard(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
    working.delete(this.name);
  }
}

async function isAbandoned(folder: string, name: string): Promise<boolean> {
  const [, host, pid] = name.split('+');
  if (host === HOST) return !working.has(name) && (Number(pid) === process.pid || !isAlive(Number(pid)));
  const { mtimeMs } = await stat(join(folder, name, 'content')).catch(() => ({ mtimeMs: Date.now() }));
  return Date.now() - mtimeMs > ABANDONED_MS;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function succeeds(doing: Promise<unknown>): Promise<boolean> {
  return doing.then(
    () => true,
    () => false,
  );
}
