import { connect } from 'node:net';
import { readResponse } from './http-message.mjs';

const EMPTY = Buffer.alloc(0);
const RECONNECT_AFTER_MS = 20;

/**
 * `idle` is called whenever the next request may be sent: at first, after an answer, and after a failure, when the
 * connection is there again.
 *
 * @typedef {{
 *   address: { host: string, port: number }, idle: () => void,
 *   answered: (response: import('./http-message.mjs').HttpResponse) => void, failed: (reason: string) => void,
 * }} ConnectionOptions
 */

/** A connection that is kept alive and bears one request at a time; one that is lost is opened again. */
export class Connection {
  /** @type {Buffer} */
  #pending = EMPTY;

  constructor(/** @type {ConnectionOptions} */ options) {
    this.options = options;
    this.socket = this.#connect();
  }

  send(/** @type {Buffer} */ request) {
    this.socket.write(request);
  }

  /** Gives an answer up that does not come. */
  close() {
    this.socket.removeAllListeners().on('error', () => undefined);
    this.socket.destroy();
  }

  #connect() {
    this.#pending = EMPTY;
    const socket = connect(this.options.address, () => this.options.idle());
    socket.setNoDelay(true);
    socket.on('data', (chunk) => this.#receive(chunk));
    socket.once('error', (error) => this.#reconnect(error.message));
    socket.once('end', () => this.#reconnect('the server closed the connection'));
    return socket;
  }

  #receive(/** @type {Buffer} */ chunk) {
    this.#pending = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk]);
    try {
      const response = readResponse(this.#pending);
      if (response === undefined) return;
      this.options.answered(response);
      this.#pending = this.#pending.subarray(response.length);
      if (!response.closes) return this.options.idle();
      this.socket.removeAllListeners().destroy();
      this.socket = this.#connect();
    } catch (error) {
      this.#reconnect(String(error));
    }
  }

  #reconnect(/** @type {string} */ reason) {
    this.options.failed(reason);
    this.close();
    setTimeout(() => (this.socket = this.#connect()), RECONNECT_AFTER_MS);
  }
}
