import { ServiceError } from '@ganglion/contracts/errors';

/** Lets some work be done at the same time, some wait in the order it came, and refuses the rest. */
export class Gate {
  private running = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(
    private readonly maxRunning: number,
    private readonly maxWaiting: number,
  ) {}

  /**
   * @param signal Whoever waits stops waiting when it is aborted.
   * @throws ServiceError overloaded; the signal's reason
   */
  async pass<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    if (this.running >= this.maxRunning) await this.wait(signal);
    else this.running++;
    try {
      return await work();
    } finally {
      // The place goes to the next in line, or is free.
      const next = this.waiting.shift();
      if (next === undefined) this.running--;
      else next();
    }
  }

  private wait(signal: AbortSignal): Promise<void> {
    if (this.waiting.length >= this.maxWaiting) {
      throw new ServiceError('overloaded', `${this.waiting.length} recordings wait to be decoded.`, {
        retryAfterMs: 1_000,
      });
    }
    return new Promise((resolve, reject) => {
      const enter = () => {
        signal.removeEventListener('abort', leave);
        resolve();
      };
      const leave = () => {
        this.waiting.splice(this.waiting.indexOf(enter), 1);
        reject(signal.reason as Error);
      };
      this.waiting.push(enter);
      signal.addEventListener('abort', leave, { once: true });
    });
  }
}
