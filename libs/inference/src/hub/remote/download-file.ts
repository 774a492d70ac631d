import { DownloadError, explainDisk } from '../download-error.js';
import type { ExpectedFile, ModelCache } from '../model-cache.js';
import type { RemoteSource } from '../source.js';
import { openRemote, type RemoteAccess, type RemoteRequest, type RemoteResponse } from './open-remote.js';
import { Part } from './part.js';
import { SpeedWatch } from './speed-watch.js';

export interface DownloadFileOptions {
  readonly cache: ModelCache;
  /** Holds unfinished downloads; on the disk of the cache. */
  readonly downloadFolder: string;
  readonly access: RemoteAccess;
  /** How long next to nothing may come; 30 s unless told otherwise. */
  readonly stallMs?: number | undefined;
  /** Told of what is there by now, in bytes. */
  readonly onBytes?: (bytes: number) => void;
}

/**
 * Downloads a file into the cache, and goes on where an earlier attempt was cut off. The whole is proved before it is
 * taken for the file.
 *
 * @throws DownloadError, after which what has come is kept where it is of use.
 */
export async function downloadFile(
  source: RemoteSource,
  file: ExpectedFile,
  options: DownloadFileOptions,
): Promise<void> {
  let part: Part | null = null;
  try {
    part = await Part.claim(options.downloadFolder, file.sha256);
    const hasResumed = await complete(part, { source, file, options });
    const problem = await options.cache.adopt(file, part.content);
    await part.discard();
    // A rest that does not fit may be the fault of the part; a whole that is another stays another.
    if (problem !== null)
      throw new DownloadError(`${source.archive} is not the file: ${problem}.`, !hasResumed);
  } catch (error) {
    await part?.release();
    throw explainDisk(error, options.downloadFolder);
  }
}

interface Download {
  readonly source: RemoteSource;
  readonly file: ExpectedFile;
  readonly options: DownloadFileOptions;
}

/** @returns Whether something of an earlier attempt is in it. */
async function complete(part: Part, { source, file, options }: Download): Promise<boolean> {
  const [bytes, etag] = await Promise.all([part.bytes(), part.etag()]);
  if (bytes === file.bytes) return true;
  const watch = new SpeedWatch(source.archive, options.stallMs);
  try {
    const rest = etag === null || bytes === 0 || bytes > file.bytes ? null : { bytes, etag };
    const { access } = options;
    const answer = await openPart(part, { source, file }, { access, signal: watch.signal, part: rest });
    const start = answer.response.status === 206 ? bytes : 0;
    await receive(part, answer.response, { source, file, start, watch, onBytes: options.onBytes });
    return start > 0;
  } finally {
    watch.end();
  }
}

/** Asks for the file and makes the part ready for what comes, unless it is another file by its size already. */
async function openPart(
  part: Part,
  { source, file }: Pick<Download, 'source' | 'file'>,
  request: RemoteRequest,
): Promise<RemoteResponse> {
  const answer = await openRemote(source, request);
  const { response, bytes } = answer;
  const isOther = bytes !== null && bytes !== file.bytes;
  const isRest = response.status === 206 && isRestFrom(response, request.part?.bytes);
  if (isOther || (response.status === 206 && !isRest)) {
    await response.body?.cancel();
    await part.restart(null);
    if (isOther)
      throw new DownloadError(
        `${source.archive} has ${bytes} bytes, not the ${file.bytes} of the manifest.`,
        true,
      );
    throw new DownloadError(`${source.archive}: the server sent another range than it was asked for.`, false);
  }
  if (!isRest) await part.restart(strongEtag(response));
  return answer;
}

function isRestFrom({ headers }: Response, start: number | undefined): boolean {
  return start !== undefined && (headers.get('content-range') ?? '').startsWith(`bytes ${start}-`);
}

/** A weak one may stand for contents that differ in their bytes. */
function strongEtag({ headers }: Response): string | null {
  const etag = headers.get('etag');
  return etag !== null && etag.startsWith('"') ? etag : null;
}

interface Reception extends Pick<Download, 'source' | 'file'> {
  readonly start: number;
  readonly watch: SpeedWatch;
  readonly onBytes: ((bytes: number) => void) | undefined;
}

async function receive(part: Part, { body }: Response, reception: Reception): Promise<void> {
  const { source, file, start, watch, onBytes } = reception;
  let bytes = start;
  const count = (chunk: number) => {
    bytes += chunk;
    if (bytes > file.bytes)
      throw new DownloadError(
        `${source.archive} has more than the ${file.bytes} bytes of the manifest.`,
        true,
      );
    watch.count(chunk);
    onBytes?.(bytes);
  };
  try {
    if (body !== null) await part.append(body, count);
  } catch (error) {
    if (watch.signal.aborted) throw watch.signal.reason;
    // What the disk says has a code; what the connection says comes wrapped, without one.
    if (error instanceof DownloadError || (error as NodeJS.ErrnoException).code !== undefined) throw error;
    throw new DownloadError(`${source.archive} broke off at ${bytes} of ${file.bytes} bytes.`, false);
  }
  if (bytes < file.bytes)
    throw new DownloadError(`${source.archive} ended at ${bytes} of ${file.bytes} bytes.`, false);
}
