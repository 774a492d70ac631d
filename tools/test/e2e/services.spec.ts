import { setTimeout as sleep } from 'node:timers/promises';
import { startStack, type TestStack } from '@ganglion/testing';
import { cacheFolder } from '@ganglion/tools/servers/cache-folder';
import { findApps, type App } from '@ganglion/tools/start/apps';
import { pullSampleFiles } from '@ganglion/tools/start/sample-files';
import { findSampleFiles, sendSamples, type SampleResult } from '@ganglion/tools/start/samples';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

/** The apps of this clone that answer a domain's questions: those with a sample. */
const DOMAINS = [
  'forecasting',
  'fraud-detection',
  'image-recognition',
  'medical-imaging',
  'nlp',
  'speech-to-text',
];
const VICTIM = 'fraud-detection';
/** What the `Server-Timing` of each answer tells, in the order of the alphabet. */
const STAGES = ['batch', 'compute', 'ledger', 'postprocess', 'preprocess', 'queue', 'total'];

const apps = findApps().filter(({ name }) => DOMAINS.includes(name));
let stack: TestStack;

beforeAll(async () => {
  const files = await findSampleFiles(apps);
  await pullSampleFiles(files, { cacheFolder: cacheFolder(), say: () => {} });
  stack = await startStack({ apps: Object.fromEntries(DOMAINS.map((name) => [name, 1])) });
}, 180_000);

afterAll(() => stack.stop());

const send = (to: readonly App[]): Promise<SampleResult[]> =>
  sendSamples(to, { url: stack.url, apiKey: stack.apiKey, cacheFolder: cacheFolder() });

describe('the six services, each a process', () => {
  it('give the answers of their reference pipelines, and tell what each stage took', async () => {
    const results = await send(apps);
    expect(results.map(({ service }) => service)).toEqual(DOMAINS);
    expect(results.flatMap(({ problems }) => problems)).toEqual([]);
    for (const { service, serverTiming } of results) {
      const stages = new Map(
        serverTiming.split(', ').map((entry) => entry.split(';dur=') as [string, string]),
      );
      expect({ service, stages: [...stages.keys()].sort() }).toEqual({ service, stages: STAGES });
      for (const ms of stages.values()) expect(Number(ms)).toBeGreaterThanOrEqual(0);
      expect(Number(stages.get('compute'))).toBeGreaterThan(0);
    }
  }, 120_000);

  it('do not notice when one of them is killed, again and again', async () => {
    const others = apps.filter(({ name }) => name !== VICTIM);
    const results: SampleResult[] = [];
    let isKilling = true;
    const asking = (async () => {
      while (isKilling) results.push(...(await send(others)));
    })();
    for (let kill = 0; kill < 3; kill += 1) {
      const before = stack.processes(VICTIM)[0]?.pid;
      if (before !== undefined) process.kill(before, 'SIGKILL');
      await sleep(2_000);
    }
    isKilling = false;
    await asking;
    expect(new Set(results.map(({ service }) => service)).size).toBe(others.length);
    expect(results.flatMap(({ problems }) => problems)).toEqual([]);
    await stack.ready();
    const [victim] = await send(apps.filter(({ name }) => name === VICTIM));
    expect(victim?.problems).toEqual([]);
  }, 180_000);
});
