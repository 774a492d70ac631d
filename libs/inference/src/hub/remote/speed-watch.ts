import { DownloadError } from '../download-error.js';

const STALL_MS = 30_000;
/** One byte in a while must not keep a download alive for ever. */
const LEAST_BYTES_PER_SECOND = 1_000;

/** Ends a download to which next to nothing comes. */
export class SpeedWatch {
  private readonly abort = new AbortController();
  private readonly timer: NodeJS.Timeout;
  private bytes = 0;

  constructor(title: string, stallMs = STALL_MS) {
    const leastBytes = (LEAST_BYTES_PER_SECOND * stallMs) / 1_000;
    this.timer = setInterval(() => {
      if (this.bytes < leastBytes)
        this.abort.abort(
          new DownloadError(`${title}: next to nothing came for ${stallMs / 1_000} s.`, false),
        );
      this.bytes = 0;
    }, stallMs);
  }

  get signal(): AbortSignal {
    return this.abort.signal;
  }

  count(bytes: number): void {
    this.bytes += bytes;
  }

  end(): void {
    clearInterval(this.timer);
  }
}
