/** The process of the open loop: `open-loop.mjs` starts it, sends a plan and gets the result. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Random } from '../../training/random.mjs';
import { answerPlan } from './answer-plan.mjs';
import { Connection } from './connection.mjs';
import { FillingWindow } from './load-window.mjs';

const TICK_MS = 1;
/** Answers that are under way when time is up are waited for so long. */
const LAST_ANSWERS_WITHIN_MS = 30_000;

/**
 * @typedef {{
 *   host: string, port: number, requests: Buffer[], connections: number, ratePerSecond: number, durationMs: number,
 *   windowMs: number,
 * }} OpenLoopPlan
 *
 * `busy` is the share of its core that the load itself took.
 * @typedef {{ windows: import('./load-window.mjs').LoadWindow[], busy: number, firstError?: string }} OpenLoopResult
 */

class OpenLoop {
  /** @type {Connection[]} */
  #free = [];
  /** When the request was due that a connection bears. @type {Map<Connection, number>} */
  #underWay = new Map();
  #startedAt = 0;
  /** @type {string | undefined} */
  firstError;

  constructor(/** @type {OpenLoopPlan} */ plan) {
    this.plan = plan;
    const { host, port, connections, durationMs, windowMs } = plan;
    this.windows = Array.from({ length: Math.ceil(durationMs / windowMs) }, () => new FillingWindow());
    this.connections = Array.from({ length: connections }, () => this.#open({ host, port }));
  }

  async run() {
    while (this.#free.length < this.plan.connections) await sleep(TICK_MS);
    this.#startedAt = performance.now();
    const cpuBefore = process.cpuUsage();
    await this.#sendAll();
    const cpu = process.cpuUsage(cpuBefore);
    const busy = (cpu.user + cpu.system) / 1_000 / this.#nowMs();
    const until = this.#nowMs() + LAST_ANSWERS_WITHIN_MS;
    while (this.#underWay.size > 0 && this.#nowMs() < until) await sleep(TICK_MS);
    for (const dueMs of this.#underWay.values()) this.#fail(dueMs, 'an answer never came');
    for (const connection of this.connections) connection.close();
    return busy;
  }

  async #sendAll() {
    const { requests, durationMs, ratePerSecond } = this.plan;
    const random = new Random(1);
    let sent = 0;
    for (let dueMs = 0; dueMs < durationMs; await sleep(TICK_MS)) {
      for (; dueMs < durationMs && dueMs <= this.#nowMs(); sent += 1) {
        this.#send(/** @type {Buffer} */ (requests[sent % requests.length]), dueMs);
        dueMs += (-Math.log(1 - random.next()) / ratePerSecond) * 1_000;
      }
    }
  }

  #send(/** @type {Buffer} */ request, /** @type {number} */ dueMs) {
    // The one that was used last: what a few connections can bear is not spread over all.
    const connection = this.#free.pop();
    if (connection === undefined) return this.#fail(dueMs, 'no connection was free');
    this.#underWay.set(connection, dueMs);
    connection.send(request);
  }

  /** @returns {Connection} */
  #open(/** @type {{ host: string, port: number }} */ address) {
    /** @type {Connection} */
    const connection = new Connection({
      address,
      idle: () => this.#free.push(connection),
      answered: ({ status }) => {
        const dueMs = this.#take(connection);
        if (dueMs !== undefined) this.#count(dueMs, status);
      },
      failed: (reason) => {
        const dueMs = this.#take(connection);
        if (dueMs !== undefined) this.#fail(dueMs, reason);
      },
    });
    return connection;
  }

  /** When its request was due; undefined when it had none: then the server gave an idle connection up. */
  #take(/** @type {Connection} */ connection) {
    const dueMs = this.#underWay.get(connection);
    if (!this.#underWay.delete(connection)) this.#free = this.#free.filter((other) => other !== connection);
    return dueMs;
  }

  #count(/** @type {number} */ dueMs, /** @type {number} */ status) {
    if (status === 200) this.#windowOf(dueMs).accepted.push(this.#nowMs() - dueMs);
    else if (status === 503) this.#windowOf(dueMs).refused.push(this.#nowMs() - dueMs);
    else this.#fail(dueMs, `status ${status}`);
  }

  #fail(/** @type {number} */ dueMs, /** @type {string} */ reason) {
    this.firstError ??= reason;
    this.#windowOf(dueMs).errors += 1;
  }

  #windowOf(/** @type {number} */ dueMs) {
    return /** @type {FillingWindow} */ (this.windows[Math.floor(dueMs / this.plan.windowMs)]);
  }

  #nowMs() {
    return performance.now() - this.#startedAt;
  }
}

answerPlan(async (/** @type {OpenLoopPlan} */ plan) => {
  const loop = new OpenLoop(plan);
  const busy = await loop.run();
  const windows = loop.windows.map((window) => window.close());
  return { windows, busy, ...(loop.firstError !== undefined && { firstError: loop.firstError }) };
});
