/** A key's calls a second over two gateways under uneven load, against what it may. */
import { setTimeout as sleep } from 'node:timers/promises';
import { openCluster } from '../reliability/cluster.mjs';
import { transactionOf } from '../reliability/transaction.mjs';
import { figure } from './figures.mjs';

export const summary = "a key's calls a second over two gateways of uneven load, against its quota";

const SERVICE = 'fraud-detection';
const CALLS_PER_SECOND = 100;
const SECONDS = 10;
/** Calls that are sent to each gateway every 10 ms: together well above the quota, and one far above the other. */
const CALLS_EVERY_10_MS = [0.3, 1.7];

/** @type {import('./bench.mjs').Bench['measure']} */
export async function measure({ rounds, say, cacheFolder }) {
  const cluster = await openCluster({ service: SERVICE, cacheFolder, say });
  try {
    const ratios = [];
    for (let round = 0; round < rounds; round += 1) {
      // A key of its own: what one round saved up is of no use to the next.
      const key = await createKey(cluster);
      const counts = await Promise.all(
        cluster.urls.map((url, i) => drive(url, key, CALLS_EVERY_10_MS[i] ?? 1)),
      );
      const admitted = counts.reduce((sum, count) => sum + count, 0);
      say(`  ${counts.join(' and ')} of ${CALLS_PER_SECOND * SECONDS} calls`);
      ratios.push(admitted / (CALLS_PER_SECOND * SECONDS));
    }
    return [
      figure('quota/at-least', ratios, { goal: { atLeast: 0.95 } }),
      figure('quota/at-most', ratios, { goal: { atMost: 1.05 } }),
    ];
  } finally {
    await cluster.stop();
  }
}

/** Sends calls at its own rate, whatever becomes of them. @returns how many were answered */
async function drive(
  /** @type {string} */ url,
  /** @type {string} */ key,
  /** @type {number} */ callsEvery10Ms,
) {
  let admitted = 0;
  /** @type {Promise<void>[]} */
  const calls = [];
  const call = async () => {
    const { status } = await post(`${url}/v1/${SERVICE}/score`, key, transactionOf(0));
    if (status === 200) admitted += 1;
    else if (status !== 429) throw new Error(`A call ended with ${status}.`);
  };
  const startedAt = performance.now();
  for (let tick = 0; performance.now() - startedAt < SECONDS * 1_000; tick += 1) {
    const due = Math.floor(((performance.now() - startedAt) / 10) * callsEvery10Ms);
    while (calls.length < due) calls.push(call());
    await sleep(5);
  }
  await Promise.all(calls);
  return admitted;
}

async function createKey(/** @type {{ urls: string[], apiKey: string }} */ { urls: [url], apiKey }) {
  const asked = { name: 'quota', limits: { requestsPerSecond: CALLS_PER_SECOND } };
  const response = await post(`${url}/v1/keys`, apiKey, asked);
  return /** @type {Promise<{ key: string }>} */ (response.json()).then(({ key }) => key);
}

function post(/** @type {string} */ url, /** @type {string} */ key, /** @type {object} */ body) {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  return fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
}
