/** HTTP -> gateway -> NATS -> service -> Runner with a tiny model, against a bare Fastify and NATS echo of the same bytes. */
import { Client } from 'pg';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { figure } from './figures.mjs';
import { run } from './load/closed-loop.mjs';
import { openPath } from './path/open-path.mjs';
import { TABULAR_PATH, tabularRequest } from './path/tabular-request.mjs';
import { makePerceptron } from './runner/subjects.mjs';

export const summary = 'the whole path with a tiny model, against a bare echo over the same NATS';

const SECONDS = 3;
const CALLERS = [1, 8, 32];
const BACKLOG_SECONDS = 5;

/** @type {import('./bench.mjs').Bench['measure']} */
export async function measure({ rounds, say, cacheFolder }) {
  const { found, remove } = await makePerceptron('tabular-mlp', [30, 64, 32, 1]);
  const path = await openPath({ model: dirname(found.folder), cacheFolder, echo: true });
  const load = (/** @type {string} */ url, /** @type {string} */ at, /** @type {number} */ callers) =>
    run({ url, callers, seconds: SECONDS, requests: [tabularRequest(at, path.authorization)] });
  /** @type {Map<number, number[]>} */
  const ratios = new Map(CALLERS.map((callers) => [callers, []]));
  try {
    await load(path.url, TABULAR_PATH, 32);
    await load(path.echoUrl, '/echo', 32);
    for (let round = 0; round < rounds; round += 1) {
      for (const callers of CALLERS) {
        const echo = await load(path.echoUrl, '/echo', callers);
        const ours = await load(path.url, TABULAR_PATH, callers);
        if (ours.errors + echo.errors > 0) throw new Error(ours.firstError ?? echo.firstError);
        say(
          `  ${callers} callers: ${echo.requestsPerSecond.toFixed(0)}/s echo, ${ours.requestsPerSecond.toFixed(0)}/s ours; ` +
            `p50 ${echo.p50Ms.toFixed(2)} and ${ours.p50Ms.toFixed(2)} ms; the load took ${ours.loadBusy.toFixed(2)} of a core`,
        );
        ratios.get(callers)?.push(ours.requestsPerSecond / echo.requestsPerSecond);
      }
    }
    const behind = await backlogAfter(path.databaseUrl, BACKLOG_SECONDS);
    return [
      ...CALLERS.map((callers) =>
        figure(`path/${callers}-callers`, ratios.get(callers) ?? [], { goal: { atLeast: 0.6 } }),
      ),
      figure('path/ledger-backlog', [behind], { unit: 'rows', goal: { atMost: 0 } }),
    ];
  } finally {
    await path.stop();
    await remove();
  }
}

/** Predictions that reached the ledger later than so many seconds after the last answer. */
async function backlogAfter(/** @type {string} */ databaseUrl, /** @type {number} */ seconds) {
  const database = new Client({ connectionString: databaseUrl });
  await database.connect();
  const count = async () => {
    const { rows } = await database.query('SELECT count(*)::int AS count FROM control.predictions');
    return rows[0].count;
  };
  await sleep(seconds * 1_000);
  const then = await count();
  await sleep(3_000);
  const later = await count();
  await database.end();
  return later - then;
}
