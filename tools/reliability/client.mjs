import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

/** A part that is down is back within seconds. */
const ACCEPTED_WITHIN_MS = 120_000;
const RETRY_MS = 200;
const REQUEST_TIMEOUT_MS = 20_000;

/**
 * A client as it should be: every request has a key of its own, and is sent again, to either gateway, until one of them
 * answers it.
 */
export class Client {
  #turn = 0;

  /** @param {{ urls: string[], apiKey: string, path: string }} options */
  constructor(options) {
    this.options = options;
  }

  /**
   * Has a job accepted.
   *
   * @returns {Promise<{ id: string, key: string }>}
   */
  async submit(/** @type {object} */ input, /** @type {string} */ key = randomUUID()) {
    const { body } = await this.#persist(key, input, { prefer: 'respond-async' });
    return { id: JSON.parse(body).id, key };
  }

  /** A call that waits for its answer. @returns {Promise<{ status: number, body: string }>} */
  call(/** @type {object} */ input, /** @type {string} */ key) {
    return this.#persist(key, input, {});
  }

  /** @returns {Promise<any>} the job as it is now */
  async job(/** @type {string} */ id) {
    for (const since = Date.now(); ; await sleep(RETRY_MS)) {
      const reply = await this.#fetch(`/v1/jobs/${id}`, { method: 'GET' });
      if (reply?.status === 200) return JSON.parse(reply.body);
      if (reply?.status === 404) return undefined;
      if (Date.now() - since > ACCEPTED_WITHIN_MS) throw new Error(`GET /v1/jobs/${id}: ${reply?.body}`);
    }
  }

  /**
   * @param {string} key
   * @param {object} input
   * @param {Record<string, string>} headers
   */
  async #persist(key, input, headers) {
    const request = {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json', 'idempotency-key': key },
      body: JSON.stringify(input),
    };
    for (const since = Date.now(); ; await sleep(RETRY_MS)) {
      const reply = await this.#fetch(this.options.path, request);
      if (reply !== undefined && reply.status < 300) return reply;
      if (Date.now() - since > ACCEPTED_WITHIN_MS)
        throw new Error(`Never accepted: ${reply?.body ?? 'no answer'}`);
    }
  }

  /**
   * @param {string} path
   * @param {{ method: string, headers?: Record<string, string>, body?: string }} request
   */
  async #fetch(path, request) {
    const { urls, apiKey } = this.options;
    const url = urls[this.#turn++ % urls.length];
    try {
      const response = await fetch(url + path, {
        ...request,
        headers: { ...request.headers, authorization: `Bearer ${apiKey}` },
        signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
      });
      return { status: response.status, body: await response.text() };
    } catch {
      return undefined;
    }
  }
}
