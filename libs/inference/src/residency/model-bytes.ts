import type { ModelManifest } from '@ganglion/contracts/model-manifest';

/** What a loaded model takes beside its files' bytes, in multiples of them and in bytes: the most of ours, rounded. */
const FILES_TIMES = 3;
const BASE_BYTES = 32 * 1024 ** 2;

/**
 * How much memory a model is reckoned to take. Its own limit where the manifest has one; else three times its files and
 * 32 MB, for no engine tells what it holds, and what a process grew by is also what others did meanwhile.
 *
 * @param instances Sessions of it.
 */
export function estimateModelBytes(
  { files, limits }: Pick<ModelManifest, 'files' | 'limits'>,
  instances: number,
): number {
  if (limits.memoryMb !== undefined) return limits.memoryMb * 1024 ** 2 * instances;
  const fileBytes = files.reduce((sum, { bytes }) => sum + bytes, 0);
  return (fileBytes * FILES_TIMES + BASE_BYTES) * instances;
}
