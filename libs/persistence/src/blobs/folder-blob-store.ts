import { link, mkdir, open, readdir, rename, rmdir, stat, unlink, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import type { BlobRef } from '@ganglion/contracts/media';
import { assertTenant } from '../tenant.js';
import type { BlobStore, PutOptions } from './blob-store.js';
import { blobNotFound, contentFolder, leaseFile, newLease } from './lease.js';
import { measureFolder, type FolderSize } from './measure-folder.js';
import { spool, type SpooledFile } from './spool.js';
import { INCOMING, sweepLeases, type FindHeld } from './sweep.js';

/** How often a folder may vanish between its making and its use before that is an error. */
const ATTEMPTS = 100;

/**
 * Blobs in a folder: `<root>/<tenant>/<aa>/<sha256>/<lease>`. A further lease on the same content is a hard link, so
 * the file system's link count is the reference count, and no release can take bytes from under another holder.
 */
export class FolderBlobStore implements BlobStore {
  /** Bytes that this process has put, less those that it released: how the folder has grown, as far as it knows. */
  netBytes = 0;

  constructor(private readonly root: string) {}

  /** Looks at every file: what all processes have put. */
  measure(): Promise<FolderSize> {
    return measureFolder(this.root);
  }

  async put(tenant: string, source: Uint8Array | Readable, options: PutOptions = {}): Promise<BlobRef> {
    assertTenant(tenant);
    const lease = newLease();
    // Inside the root, for a rename and a link cannot leave their file system.
    const incoming = join(this.root, INCOMING);
    await mkdir(incoming, { recursive: true, mode: 0o700 });
    const spooled = await spool(source, join(incoming, lease), options.maxBytes ?? Infinity);
    await keep(spooled, join(contentFolder(this.root, tenant, spooled.sha256), lease));
    this.netBytes += spooled.bytes;
    return { sha256: spooled.sha256, bytes: spooled.bytes, lease };
  }

  async open(tenant: string, ref: BlobRef): Promise<Readable> {
    const file = await this.openLease(tenant, ref);
    return file.createReadStream();
  }

  async read(tenant: string, ref: BlobRef): Promise<Uint8Array> {
    const file = await this.openLease(tenant, ref);
    try {
      return await file.readFile();
    } finally {
      await file.close();
    }
  }

  async release(tenant: string, ref: BlobRef): Promise<void> {
    const path = leaseFile(this.root, tenant, ref);
    const isGone = await unlink(path).then(
      () => true,
      (error: unknown) => {
        if (!isMissing(error)) throw error;
        return false;
      },
    );
    if (isGone) this.netBytes -= ref.bytes;
    // Only an empty folder can be removed: other leases keep theirs.
    await rmdir(dirname(path)).catch(() => {});
  }

  /**
   * Removes leases, and uploads that broke off, older than `olderThanMs`: a crash left them behind.
   *
   * @param findHeld Which of those leases somebody holds for longer; none, unless told otherwise.
   * @returns How many files were removed.
   */
  sweep(olderThanMs: number, findHeld: FindHeld = async () => new Set()): Promise<number> {
    return sweepLeases(this.root, Date.now() - olderThanMs, findHeld);
  }

  private async openLease(tenant: string, ref: BlobRef): Promise<FileHandle> {
    const file = await open(leaseFile(this.root, tenant, ref)).catch((error: unknown) => {
      throw isMissing(error) ? blobNotFound(error) : error;
    });
    // A reference that lies about its size could be used past a limit; a file cut short by a power cut is no blob.
    if ((await file.stat()).size === ref.bytes) return file;
    await file.close();
    throw blobNotFound();
  }
}

/** Makes a spooled file a lease: as a link to the same content where there is one, or by its own bytes. */
async function keep(spooled: SpooledFile, path: string): Promise<void> {
  const folder = dirname(path);
  for (let attempt = 1; ; attempt++) {
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      if (await linkToOther(folder, spooled.bytes, path)) return await unlink(spooled.path);
      return await rename(spooled.path, path);
    } catch (error) {
      // Whoever released the last other lease has removed the folder meanwhile.
      if (!isMissing(error) || attempt === ATTEMPTS) throw error;
    }
  }
}

/** False when there is no other lease, it is going just now, was cut short by a power cut, or has too many links. */
async function linkToOther(folder: string, bytes: number, path: string): Promise<boolean> {
  try {
    const [other] = await readdir(folder);
    if (other === undefined || (await stat(join(folder, other))).size !== bytes) return false;
    await link(join(folder, other), path);
    return true;
  } catch {
    return false;
  }
}

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT';
}
