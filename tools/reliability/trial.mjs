import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from './client.mjs';
import { openCluster } from './cluster.mjs';
import { transactionOf, VARIANTS } from './transaction.mjs';
import { openWebhookReceiver } from './webhook-receiver.mjs';

/** A service that computes with a model of ours, tells the ledger before it answers, and takes milliseconds. */
const SERVICE = 'fraud-detection';
const PATH = '/v1/fraud-detection/score';
/** One in so many requests is a call that waits, and one in so many jobs is asked for twice. */
const CALL_EVERY = 10;
const AGAIN_EVERY = 5;
const STALLED_AFTER_MS = 150_000;

/**
 * What a trial saw. `lost` and `doubled` are what must not be: accepted and without a right end; two jobs or two answers
 * for one key. `runAgain` counts runs and calls that a death made necessary, `triedAgain` runs that ended in an error which time
 * could mend.
 *
 * @typedef {{
 *   accepted: number, ended: number, lost: number, doubled: number, runAgain: number, triedAgain: number, calls: number, kills: number,
 *   storesDeleted: number, seconds: number, webhooks: number, webhooksLost: number, webhooksDoubled: number,
 * }} Outcome
 */

/**
 * Has jobs accepted by two gateways while every part of the installation is killed, and looks what became of them.
 *
 * @param {{ jobs: number, clients: number, kills: number, cacheFolder: string, say: (line: string) => void }} options
 *   `kills`: how often each part is killed
 * @returns {Promise<Outcome>}
 */
export async function runTrial({ jobs, clients, kills, cacheFolder, say }) {
  const cluster = await openCluster({ service: SERVICE, cacheFolder, say });
  const receiver = await openWebhookReceiver(cluster);
  let isGood = false;
  try {
    const client = new Client({ ...cluster, path: PATH });
    const expected = await answersOf(client);
    const started = Date.now();
    const sent = { accepted: /** @type {Accepted[]} */ ([]), doubled: 0, calls: 0 };
    const killing = killAll(cluster, { jobs, kills, say, progress: () => sent.accepted.length });
    await Promise.all(Array.from({ length: clients }, () => send(cluster, sent, jobs)));
    const done = await killing;
    say(`${sent.accepted.length} jobs are accepted; waiting for their ends`);
    await untilEnded(cluster, sent.accepted.length);
    const seconds = (Date.now() - started) / 1_000;
    const ids = sent.accepted.map(({ id }) => id);
    await receiver.untilTold(ids);
    const seen = await inspect(cluster, client, sent.accepted, expected);
    const doubled = seen.doubled + sent.doubled;
    const outcome = { ...seen, doubled, calls: sent.calls, ...done, seconds, ...receiver.count(ids) };
    isGood = isKept(outcome);
    return { accepted: sent.accepted.length, ...outcome };
  } finally {
    receiver.stop();
    await cluster.stop(!isGood);
  }
}

/** Whether nothing was lost and nothing doubled. */
export function isKept(
  /** @type {Pick<Outcome, 'lost' | 'doubled' | 'webhooksLost' | 'webhooksDoubled'>} */ outcome,
) {
  return outcome.lost + outcome.doubled + outcome.webhooksLost + outcome.webhooksDoubled === 0;
}

/** @typedef {{ index: number, id: string, key: string }} Accepted */
/** @typedef {import('./cluster.mjs').Cluster} Cluster */

/** The right answers, from before anything is killed. @returns {Promise<number[]>} */
async function answersOf(/** @type {Client} */ client) {
  const answers = [];
  for (let index = 0; index < VARIANTS; index++) {
    const { body } = await client.call(transactionOf(index), randomUUID());
    answers.push(JSON.parse(body).output.probability);
  }
  if (new Set(answers).size < VARIANTS / 2) throw new Error('The inputs of the trial have too few answers.');
  return answers;
}

/**
 * One client: one request after the other, until enough are accepted by all of them.
 *
 * @param {Cluster} cluster
 * @param {{ accepted: Accepted[], doubled: number, calls: number, next?: number }} sent
 * @param {number} jobs
 */
async function send(cluster, sent, jobs) {
  const client = new Client({ ...cluster, path: PATH });
  for (;;) {
    const index = (sent.next ??= 0);
    if (index >= jobs) return;
    sent.next = index + 1;
    const job = await client.submit(transactionOf(index));
    sent.accepted.push({ index, ...job });
    if (index % AGAIN_EVERY === 0) {
      const again = await client.submit(transactionOf(index), job.key);
      if (again.id !== job.id) sent.doubled += 1;
    }
    if (index % CALL_EVERY === 0) {
      const key = randomUUID();
      const first = await client.call(transactionOf(index), key);
      const second = await client.call(transactionOf(index), key);
      sent.calls += 1;
      if (first.body !== second.body) sent.doubled += 1;
    }
  }
}

/**
 * Kills every part in turn, evenly over the trial; once the whole JetStream store goes with NATS.
 *
 * @param {Cluster} cluster
 * @param {{ jobs: number, kills: number, say: (line: string) => void, progress: () => number }} options
 */
async function killAll(cluster, { jobs, kills, say, progress }) {
  const round = (/** @type {number} */ n) => [
    `gateway-${(n % 2) + 1}`,
    SERVICE,
    'nats',
    'control-plane',
    'postgres',
  ];
  const victims = Array.from({ length: kills }, (_, n) => round(n)).flat();
  let storesDeleted = 0;
  for (const [index, victim] of victims.entries()) {
    const at = Math.floor((jobs * (index + 1)) / (victims.length + 1));
    while (progress() < at) await sleep(20);
    const deleteStore = victim === 'nats' && storesDeleted === 0;
    if (deleteStore) storesDeleted += 1;
    await cluster.kill(victim, deleteStore);
    say(
      `killed ${victim}${deleteStore ? ' and deleted the JetStream store' : ''} after ${progress()} accepted`,
    );
  }
  return { kills: victims.length, storesDeleted };
}

/** Waits until every job has ended, or nothing has for a long time. */
async function untilEnded(/** @type {Cluster} */ cluster, /** @type {number} */ count) {
  let ended = -1;
  for (let since = Date.now(); Date.now() - since < STALLED_AFTER_MS; await sleep(500)) {
    const [row] = await cluster.query(
      'SELECT count(*)::int AS ended FROM edge.jobs WHERE ended_at IS NOT NULL',
    );
    if (row.ended >= count) return;
    if (row.ended !== ended) since = Date.now();
    ended = row.ended;
  }
}

/**
 * Asks for every accepted job as a client does, and looks into the ledgers.
 *
 * @param {Cluster} cluster
 * @param {Client} client
 * @param {Accepted[]} accepted
 * @param {number[]} expected
 */
async function inspect(cluster, client, accepted, expected) {
  const isRight = async (/** @type {Accepted} */ { index, id }) => {
    const job = await client.job(id);
    const { output, id: answerId } = job?.answer ?? {};
    return job?.state === 'succeeded' && answerId === id && output.probability === expected[index % VARIANTS];
  };
  let right = 0;
  for (let start = 0; start < accepted.length; start += 8) {
    const found = await Promise.all(accepted.slice(start, start + 8).map(isRight));
    right += found.filter(Boolean).length;
  }
  const ids = accepted.map(({ id }) => id);
  const [rows] = await cluster.query(
    `SELECT count(*)::int AS jobs, count(ended_at)::int AS ended,
      COALESCE(sum(crashes), 0)::int AS "runAgain", COALESCE(sum(retries), 0)::int AS "triedAgain" FROM edge.jobs`,
  );
  const [keys] = await cluster.query(
    'SELECT COALESCE(sum(runs - 1), 0)::int AS "runAgain" FROM edge.idempotency_keys WHERE job_id IS NULL',
  );
  const [ledger] = await cluster.query(
    'SELECT count(DISTINCT id)::int AS ids FROM control.predictions WHERE id = ANY($1)',
    [ids],
  );
  // Each job has one record in the ledger of predictions; a job that nobody has the id of was made twice for one key.
  const lost = accepted.length - Math.min(right, ledger.ids);
  const doubled = rows.jobs - new Set(ids).size;
  return {
    ended: rows.ended,
    lost,
    doubled,
    runAgain: rows.runAgain + keys.runAgain,
    triedAgain: rows.triedAgain,
  };
}
