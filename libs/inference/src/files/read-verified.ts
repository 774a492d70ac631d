import { ServiceError } from '@ganglion/contracts/errors';
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import type { ModelFile } from '../engine.js';

/** Small enough that hashing a chunk does not hold up the event loop. */
const CHUNK_BYTES = 1 << 20;

/**
 * Reads a model's file and proves it: the bytes that come back are the bytes that were hashed.
 *
 * @throws ServiceError model_unavailable when the file is not there, is of another length or another content.
 */
export async function readVerified(file: ModelFile): Promise<Uint8Array> {
  const handle = await openFile(file);
  try {
    const stats = await handle.stat();
    if (!stats.isFile()) throw damaged(file, 'is no file');
    const { size } = stats;
    if (size !== file.bytes) throw damaged(file, `has ${size} bytes instead of ${file.bytes}`);
    const content = new Uint8Array(size);
    const hash = createHash('sha256');
    for (let offset = 0; offset < size;) {
      const { bytesRead } = await handle.read(content, offset, Math.min(CHUNK_BYTES, size - offset), offset);
      if (bytesRead === 0) throw damaged(file, 'ended early');
      hash.update(content.subarray(offset, offset + bytesRead));
      offset += bytesRead;
    }
    if (hash.digest('hex') !== file.sha256) throw damaged(file, 'does not have the sha256 of the manifest');
    return content;
  } finally {
    await handle.close();
  }
}

async function openFile(file: ModelFile): Promise<FileHandle> {
  try {
    // A named pipe would otherwise hold the call until somebody writes to it.
    return await open(file.location, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (cause) {
    throw new ServiceError('model_unavailable', `The model file "${file.path}" can't be opened.`, { cause });
  }
}

function damaged(file: ModelFile, how: string): ServiceError {
  return new ServiceError(
    'model_unavailable',
    `The model file "${file.path}" ${how}. "ganglion models verify" deletes what is damaged, "ganglion models pull" brings it anew.`,
  );
}
