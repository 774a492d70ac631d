/** A package or a file could not be had. */
export class DownloadError extends Error {
  override readonly name = 'DownloadError';

  constructor(
    message: string,
    /** True when trying again would end the same way. */
    readonly isFinal: boolean,
    /** How long the server asks us to wait. */
    readonly retryAfterMs = 0,
  ) {
    super(message);
  }
}

const FULL = ['ENOSPC', 'EDQUOT'];
const FORBIDDEN = ['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST'];

/** What a person can do about a failure to write below a folder; other errors stay as they are. */
export function explainDisk(error: unknown, folder: string): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code === undefined) return error;
  if (FULL.includes(code)) return new DownloadError(`The disk of ${folder} is full.`, true);
  if (FORBIDDEN.includes(code)) return new DownloadError(`${folder} can't be written to (${code}).`, true);
  return error;
}
