/** The process of the open loop: `open-loop.mjs` starts it, sends a plan and gets the result. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Random } from '../../training/random.mjs';
import { quantile } from '../figures.mjs';
import { answerPlan } from './answer-plan.mjs';
import { Connection } from './connection.mjs';
import { GrowingArray } from './growing-array.mjs';

const TICK_MS = 1;
/** Answers that are under way when time is up are waited for so long. */
const LAST_ANSWERS_WITHIN_MS = 30_000;

/**
 * @typedef {{
 *   host: string, port: number, requests: Buffer[], ratePerSecond: number, durationMs: number, windowMs: number,
 * }} OpenLoopPlan
 *
 * What became of the requests that were due in a window of time; latencies count from when they were due.
 * @typedef {{
 *   accepted: number, acceptedP99Ms: number, refused: number, refusedP99Ms: number, errors: number,
 * }} LoadWindow
 *
 * `busy` is the share of its core that the load itself took.
 * @typedef {{ windows: LoadWindow[], busy: number, firstError?: string }} OpenLoopResult
 */

/** One window while it fills. */
class FillingWindow {
  accepted = new GrowingArray();
  refused = new GrowingArray();
  errors = 0;

  /** @returns {LoadWindow} */
  close() {
    const [accepted, refused] = [this.accepted.values.sort(), this.refused.values.sort()];
    return {
      accepted: accepted.length,
      acceptedP99Ms: quantile(accepted, 0.99),
      refused: refused.length,
      refusedP99Ms: quantile(refused, 0.99),
      errors: this.errors,
    };
  }
}

/** A connection with the request that it bears. */
class Errand {
  /** @type {{ request: Buffer, dueMs: number } | undefined} */
  #load;
  #isThere = false;

  /** @param {{ address: { host: string, port: number }, free: () => void, done: (dueMs: number, status: number) => void, failed: (dueMs: number | undefined, reason: string) => void }} options */
  constructor({ address, free, done, failed }) {
    this.connection = new Connection({
      address,
      idle: () => {
        this.#isThere = true;
        if (this.#load) this.connection.send(this.#load.request);
        else free();
      },
      answered: ({ status }) => {
        const dueMs = this.#load?.dueMs ?? NaN;
        this.#load = undefined;
        done(dueMs, status);
      },
      failed: (reason) => {
        const dueMs = this.#load?.dueMs;
        this.#load = undefined;
        this.#isThere = false;
        failed(dueMs, reason);
      },
    });
  }

  /** Sends a request, as soon as the connection is there. */
  run(/** @type {Buffer} */ request, /** @type {number} */ dueMs) {
    this.#load = { request, dueMs };
    if (this.#isThere) this.connection.send(request);
  }
}

/** @param {OpenLoopPlan} plan @returns {Promise<OpenLoopResult>} */
async function load({ host, port, requests, ratePerSecond, durationMs, windowMs }) {
  const windows = Array.from({ length: Math.ceil(durationMs / windowMs) }, () => new FillingWindow());
  const [startedAt, cpuBefore] = [performance.now(), process.cpuUsage()];
  const windowOf = (/** @type {number} */ dueMs) =>
    /** @type {FillingWindow} */ (windows[Math.floor(dueMs / windowMs)]);
  const now = () => performance.now() - startedAt;
  /** @type {Errand[]} */
  const [free, all] = [[], []];
  let [underWay, firstError] = [0, /** @type {string | undefined} */ (undefined)];
  const open = () => {
    const errand = new Errand({
      address: { host, port },
      free: () => free.push(errand),
      done: (dueMs, status) => {
        underWay -= 1;
        const window = windowOf(dueMs);
        if (status === 200) window.accepted.push(now() - dueMs);
        else if (status === 503) window.refused.push(now() - dueMs);
        else [window.errors, firstError] = [window.errors + 1, firstError ?? `status ${status}`];
      },
      failed: (dueMs, reason) => {
        firstError ??= reason;
        if (dueMs === undefined) return;
        underWay -= 1;
        windowOf(dueMs).errors += 1;
      },
    });
    all.push(errand);
    return errand;
  };
  const random = new Random(1);
  let sent = 0;
  for (let dueMs = 0; dueMs < durationMs; ) {
    while (dueMs <= now() && dueMs < durationMs) {
      const request = /** @type {Buffer} */ (requests[sent++ % requests.length]);
      (free.pop() ?? open()).run(request, dueMs);
      underWay += 1;
      dueMs += (-Math.log(1 - random.next()) / ratePerSecond) * 1_000;
    }
    await sleep(TICK_MS);
  }
  const cpu = process.cpuUsage(cpuBefore);
  const busy = (cpu.user + cpu.system) / 1_000 / now();
  for (const until = now() + LAST_ANSWERS_WITHIN_MS; underWay > 0 && now() < until; ) await sleep(10);
  for (const { connection } of all) connection.close();
  return {
    windows: windows.map((window) => window.close()),
    busy,
    ...(firstError !== undefined && { firstError }),
  };
}

answerPlan(load);
