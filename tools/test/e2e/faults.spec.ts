import { setTimeout as sleep } from 'node:timers/promises';
import { startStack, testService, type TestStack } from '@ganglion/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { NatsConnection } from '@nats-io/nats-core';
import { Svcm } from '@nats-io/services';
import { connect } from '@nats-io/transport-node';
import pg from 'pg';
import { Load, type Ended } from './load.js';
import { OathHandler } from './oath.fixture.js';

const DEADLINE_MS = 8_000;
/** What a busy machine may take to tell what is settled. */
const SLACK_MS = 1_000;
const CALLERS = 8;
const TEXT = 'The food was wonderful and the staff could not have been kinder.';

let stack: TestStack;
let nats: NatsConnection;

beforeAll(async () => {
  stack = await startStack({ apps: { nlp: 2 } });
  nats = await connect({ servers: stack.servers.nats.url, token: stack.servers.nats.token });
}, 120_000);

afterAll(async () => {
  await nats.close();
  await stack.stop();
});

const loadOf = (path: string, body: unknown): Load => {
  const { url, apiKey } = stack;
  return new Load({ url, apiKey, path, body, deadlineMs: DEADLINE_MS }, CALLERS);
};
const loadOnSentiment = (): Load => loadOf('/v1/nlp/sentiment', { text: TEXT });

/** Every caller had an answer, or an error that says to try again; none waited past its deadline. */
const expectNobodyHung = (ended: readonly Ended[]): void => {
  expect(ended.length).toBeGreaterThan(0);
  expect(Math.max(...ended.map(({ ms }) => ms))).toBeLessThan(DEADLINE_MS + SLACK_MS);
};

const signal = (app: string, index: number, name: NodeJS.Signals): void => {
  const { pid } = stack.processes(app)[index] ?? {};
  if (pid === undefined) throw new Error(`${app} ${index} is down`);
  process.kill(pid, name);
};

/** Who answers now, by NATS itself: the gateway may not have noticed yet that one has gone. */
const instancesOf = async (service: string): Promise<string[]> => {
  const ids: string[] = [];
  for await (const { id } of await new Svcm(nats).client({ strategy: 'timer', maxWait: 500 }).ping(service))
    ids.push(id);
  return ids;
};

describe('two processes of a service under load', () => {
  it('survive kill -9 of one: no caller fails or hangs, and it is back within 10 s', async () => {
    const before = await instancesOf('nlp');
    const load = loadOnSentiment();
    await sleep(1_000);
    signal('nlp', 0, 'SIGKILL');
    const killedAt = performance.now();
    while ((await instancesOf('nlp')).every((id) => before.includes(id))) await sleep(100);
    const backAfterMs = performance.now() - killedAt;
    await sleep(1_000);
    const ended = await load.stop();
    expectNobodyHung(ended);
    expect(backAfterMs).toBeLessThan(10_000);
    expect(ended.filter(({ status }) => status !== 200)).toEqual([]);
  }, 60_000);

  it('survive SIGSTOP of one: within 8 s every request goes to the other', async () => {
    const load = loadOnSentiment();
    await sleep(1_000);
    signal('nlp', 1, 'SIGSTOP');
    const stoppedAt = performance.now();
    await sleep(12_000);
    const ended = await load.stop();
    signal('nlp', 1, 'SIGCONT');
    expectNobodyHung(ended);
    expect(ended.filter(({ status }) => status !== 200)).toEqual([]);
    const later = ended.filter(({ startedAt }) => startedAt > stoppedAt + 8_000);
    expect(later.length).toBeGreaterThan(0);
    // Whoever was sent to the frozen one would have waited two seconds for it.
    expect(Math.max(...later.map(({ ms }) => ms))).toBeLessThan(1_900);
    await stack.ready();
  }, 60_000);
});

describe('kill -9 of gateway, service and control plane under load', () => {
  it('loses no answer that was given under before-answer, and counts those under async', async () => {
    const { environment } = stack.servers;
    const oath = await testService({ name: 'oath', controllers: [OathHandler], environment });
    await stack.ready();
    const sworn = loadOf('/v1/oath/swear', { number: 7 });
    const sentiments = loadOnSentiment();
    for (const app of ['nlp', 'gateway', 'control-plane', 'nlp', 'control-plane']) {
      await sleep(1_000);
      signal(app, 0, 'SIGKILL');
      await sleep(100);
      await stack.ready();
    }
    await sleep(1_000);
    const [beforeAnswer, async] = await Promise.all([sworn.stop(), sentiments.stop()]);
    await oath.stop();
    expectNobodyHung([...beforeAnswer, ...async]);

    const answered = (ended: readonly Ended[]): string[] =>
      ended.flatMap(({ status, id }) => (status === 200 && id !== undefined ? [id] : []));
    expect(answered(beforeAnswer).length).toBeGreaterThan(100);
    expect(await missingFromLedger(answered(beforeAnswer))).toEqual([]);
    // NATS lived, and it had each event before its caller had the answer.
    expect(await missingFromLedger(answered(async))).toEqual([]);
  }, 120_000);
});

/** Asks the ledger itself, until all are there or 10 s are over. */
async function missingFromLedger(ids: readonly string[]): Promise<string[]> {
  const client = new pg.Client({ connectionString: stack.servers.postgres.url });
  await client.connect();
  try {
    for (const since = performance.now(); ; await sleep(250)) {
      const { rows } = await client.query<{ id: string }>('SELECT id FROM control.predictions');
      const recorded = new Set(rows.map(({ id }) => id));
      const missing = ids.filter((id) => !recorded.has(id));
      if (missing.length === 0 || performance.now() - since > 10_000) return missing;
    }
  } finally {
    await client.end();
  }
}
