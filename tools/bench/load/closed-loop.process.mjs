/** The process of the load: `closed-loop.mjs` starts it on a core of its own, sends a plan and gets the result. */
import { setTimeout as sleep } from 'node:timers/promises';
import { answerPlan } from './answer-plan.mjs';
import { Caller } from './caller.mjs';

/** Of each request the first answers are kept for a check, so that wrong ones do not count as fast ones. */
const KEPT_PER_REQUEST = 3;
/** An answer that is under way when time is up is waited for so long. */
const LAST_ANSWER_WITHIN_MS = 30_000;

/**
 * @typedef {{
 *   host: string, port: number, requests: Buffer[], callers: number, warmupMs: number, durationMs: number,
 * }} LoadPlan
 *
 * `answers` counts all, with those of the warm-up; `busy` is the share of its core that the load itself took.
 * @typedef {{
 *   answers: number, latenciesMs: Float64Array, elapsedMs: number, busy: number, errors: number, firstError?: string,
 *   kept: { index: number, body: Buffer }[],
 * }} LoadResult
 */

/** @param {LoadPlan} plan @returns {Promise<LoadResult>} */
async function load({ host, port, requests, callers, warmupMs, durationMs }) {
  /** @type {number[]} */
  const latenciesMs = [];
  /** @type {Pick<LoadResult, 'errors' | 'firstError' | 'kept'>} */
  const seen = { errors: 0, kept: [] };
  const keptOf = new Uint32Array(requests.length);
  let [sent, phase] = [0, /** @type {'warmup' | 'measure' | 'stop'} */ ('warmup')];
  const failed = (/** @type {string} */ reason) => {
    seen.errors += 1;
    seen.firstError ??= reason;
  };
  let answers = 0;
  const running = Array.from({ length: callers }, () => {
    return new Caller({
      address: { host, port },
      requests,
      next: () => (phase === 'stop' ? undefined : sent++ % requests.length),
      answered: (index, { status, body }, latencyMs) => {
        if (status !== 200) return failed(`${status} ${body.toString('utf8', 0, 300)}`);
        answers += 1;
        if (phase !== 'measure') return;
        latenciesMs.push(latencyMs);
        const count = keptOf[index] ?? 0;
        if (count >= KEPT_PER_REQUEST) return;
        keptOf[index] = count + 1;
        seen.kept.push({ index, body: Buffer.from(body) });
      },
      failed,
    });
  });
  await sleep(warmupMs);
  phase = 'measure';
  const [startedAtMs, cpuBefore] = [performance.now(), process.cpuUsage()];
  await sleep(durationMs);
  const [elapsedMs, cpu] = [performance.now() - startedAtMs, process.cpuUsage(cpuBefore)];
  phase = 'stop';
  const last = AbortSignal.timeout(LAST_ANSWER_WITHIN_MS);
  last.onabort = () => running.forEach((caller) => caller.abandon());
  const measured = Float64Array.from(latenciesMs);
  await Promise.all(running.map(({ finished }) => finished));
  const busy = (cpu.user + cpu.system) / 1000 / elapsedMs;
  return { answers, latenciesMs: measured, elapsedMs, busy, ...seen };
}

answerPlan(load);
