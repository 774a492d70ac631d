import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from '@jest/globals';
import type { InputOf } from '@ganglion/contracts/capability';
import { endJobRun, leaseJob, reportJob } from '@ganglion/contracts/edge/job-runs';
import { KEY } from './fixtures.js';
import type { Canteen } from './start-canteen.js';

export interface JobShown {
  readonly id: string;
  readonly state: string;
  readonly runs: number;
  readonly parts: number;
  readonly queue: { position: number } | null;
  readonly progress: unknown;
  readonly answer: { readonly id: string; readonly output: unknown; readonly results: unknown[] };
  readonly error: { readonly code: string } | null;
}

/** Calls a gateway as a client of jobs does. */
export function jobClient(canteen: Canteen) {
  const post = (path: string, body: unknown, headers: Record<string, string> = {}, url = canteen.url) =>
    fetch(url + path, {
      method: 'POST',
      headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
  const submit = async (
    path: string,
    body: unknown,
    headers: Record<string, string> = {},
  ): Promise<JobShown> => {
    const reply = await post(path, body, { prefer: 'respond-async', ...headers });
    const job = (await reply.json()) as JobShown;
    expect([reply.status, reply.headers.get('location')]).toEqual([202, `/v1/jobs/${job.id}`]);
    return job;
  };
  const get = async (id: string): Promise<JobShown> =>
    (await (await canteen.fetch(`/v1/jobs/${id}`)).json()) as JobShown;
  const ended = (id: string): Promise<JobShown> =>
    eventually(async () => {
      const job = await get(id);
      expect(['succeeded', 'failed', 'cancelled']).toContain(job.state);
      return job;
    });
  /** A worker of the class that only tests work for. */
  const worker = (id: string) => {
    const call = canteen.canteen.call;
    const origin = { tenant: 'acme' };
    return {
      lease: async (name: string) => (await call(leaseJob, { id, worker: name }, origin)).leased,
      report: async (run: number, report: Partial<InputOf<typeof reportJob>> = {}) =>
        (await call(reportJob, { id, run, ...report }, origin)).verdict,
      end: async (run: number, end: InputOf<typeof endJobRun>['end']) =>
        (await call(endJobRun, { id, run, end }, origin)).accepted,
    };
  };
  return { post, submit, get, ended, worker };
}

/** Asks again until it answers. @throws what it threw last. */
export async function eventually<T>(ask: () => Promise<T>, withinMs = 20_000): Promise<T> {
  for (const since = performance.now(); ; await sleep(25)) {
    try {
      return await ask();
    } catch (error) {
      if (performance.now() - since > withinMs) throw error;
    }
  }
}

export interface SentEvent {
  readonly event: string;
  readonly data: Record<string, unknown>;
}

/** Reads a stream of server-sent events to its end. */
export async function readEvents(response: Response): Promise<SentEvent[]> {
  expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/);
  const blocks = (await response.text()).split('\n\n').filter((block) => block !== '');
  return blocks.map((block) => {
    const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1] ?? '';
    return { event: field('event'), data: JSON.parse(field('data')) as Record<string, unknown> };
  });
}
