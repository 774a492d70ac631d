import { createHash } from 'node:crypto';
import { open, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ServiceError } from '@ganglion/contracts/errors';

export interface SpooledFile {
  readonly path: string;
  /** Lower-case hex. */
  readonly sha256: string;
  readonly bytes: number;
}

/**
 * Writes `source` to a new file and hashes it on the way. A source that breaks off or is too large leaves no file.
 *
 * @throws ServiceError `payload_too_large` when there is more than `maxBytes`; `storage_full` when the disk is.
 */
export async function spool(
  source: Uint8Array | Readable,
  path: string,
  maxBytes: number,
): Promise<SpooledFile> {
  const hash = createHash('sha256');
  let bytes = 0;
  async function* measured(chunks: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
    for await (const chunk of chunks) {
      bytes += chunk.byteLength;
      if (bytes > maxBytes) {
        throw new ServiceError('payload_too_large', `At most ${maxBytes} bytes are taken.`);
      }
      hash.update(chunk);
      yield chunk;
    }
  }
  const readable = source instanceof Uint8Array ? Readable.from([source]) : source;
  try {
    // Opened first: a stream that opens its file itself may do so after it was given up, and leave it behind.
    const file = await open(path, 'wx', 0o600);
    await pipeline(readable, measured, file.createWriteStream());
  } catch (error) {
    readable.destroy();
    await rm(path, { force: true });
    throw isDiskFull(error) ? storageFull(error) : error;
  }
  return { path, sha256: hash.digest('hex'), bytes };
}

function isDiskFull(error: unknown): boolean {
  return ['ENOSPC', 'EDQUOT'].includes((error as NodeJS.ErrnoException).code ?? '');
}

function storageFull(cause: unknown): ServiceError {
  return new ServiceError('storage_full', 'The disk of the blob store is full.', { cause });
}
