import { Connection } from './connection.mjs';

/**
 * What one caller needs: the next request's number, or undefined when it shall stop, and whom to tell of answers.
 *
 * @typedef {{
 *   address: { host: string, port: number }, requests: readonly Buffer[], next: () => number | undefined,
 *   answered: (index: number, response: import('./http-message.mjs').HttpResponse, latencyMs: number) => void,
 *   failed: (reason: string) => void,
 * }} CallerOptions
 */

/** One connection that sends its next request as soon as the answer to the last one is there. */
export class Caller {
  /** @type {(value?: unknown) => void} */
  #finish = () => {};
  #index = 0;
  #sentAtMs = 0;

  constructor(/** @type {CallerOptions} */ options) {
    this.options = options;
    this.finished = new Promise((resolve) => (this.#finish = resolve));
    this.connection = new Connection({
      address: options.address,
      idle: () => this.#send(),
      answered: (response) => options.answered(this.#index, response, performance.now() - this.#sentAtMs),
      failed: options.failed,
    });
  }

  /** Gives an answer up that does not come. */
  abandon() {
    this.#finish();
    this.connection.close();
  }

  #send() {
    const index = this.options.next();
    if (index === undefined) return this.abandon();
    this.#index = index;
    this.#sentAtMs = performance.now();
    this.connection.send(/** @type {Buffer} */ (this.options.requests[index]));
  }
}
