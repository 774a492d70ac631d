import { connect } from 'node:net';
import { readResponse } from './http-message.mjs';

const EMPTY = Buffer.alloc(0);
const RECONNECT_AFTER_MS = 20;

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
  /** @type {Buffer} */
  #pending = EMPTY;
  #index = 0;
  #sentAtMs = 0;

  constructor(/** @type {CallerOptions} */ options) {
    this.options = options;
    this.socket = this.#connect();
    this.finished = new Promise((resolve) => (this.#finish = resolve));
  }

  /** Gives an answer up that does not come. */
  abandon() {
    this.#finish();
    this.socket.removeAllListeners().on('error', () => undefined);
    this.socket.destroy();
  }

  #connect() {
    this.#pending = EMPTY;
    const socket = connect(this.options.address, () => this.#send());
    socket.setNoDelay(true);
    socket.on('data', (chunk) => this.#receive(chunk));
    socket.once('error', (error) => this.#reconnect(error.message));
    socket.once('end', () => this.#reconnect('the server closed the connection'));
    return socket;
  }

  #send() {
    const index = this.options.next();
    if (index === undefined) return this.abandon();
    this.#index = index;
    this.#sentAtMs = performance.now();
    this.socket.write(/** @type {Buffer} */ (this.options.requests[index]));
  }

  #receive(/** @type {Buffer} */ chunk) {
    this.#pending = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk]);
    try {
      const response = readResponse(this.#pending);
      if (response === undefined) return;
      this.options.answered(this.#index, response, performance.now() - this.#sentAtMs);
      this.#pending = this.#pending.subarray(response.length);
      if (!response.closes) return this.#send();
      this.socket.removeAllListeners().destroy();
      this.socket = this.#connect();
    } catch (error) {
      this.#reconnect(String(error));
    }
  }

  #reconnect(/** @type {string} */ reason) {
    this.options.failed(reason);
    this.socket.removeAllListeners().on('error', () => undefined);
    this.socket.destroy();
    setTimeout(() => (this.socket = this.#connect()), RECONNECT_AFTER_MS);
  }
}
