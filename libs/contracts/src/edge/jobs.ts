import { z } from 'zod';
import { defineCapability } from '../capability.js';
import { jobProgress } from './job-runs.js';

/** The jobs of a tenant, as callers see them. The gateway's process serves them under the name `edge`. */
const service = 'edge';

const jobId = z.uuid().describe('Id of the job; its answer has the same.');

const JOB_STATES = ['queued', 'running', 'succeeded', 'failed', 'cancelled'] as const;

export const job = z.strictObject({
  id: jobId,
  service: z.string(),
  operation: z.string(),
  class: z.string().describe('The queue: `cpu`, `gpu` or `training`.'),
  state: z.enum(JOB_STATES),
  queue: z
    .strictObject({
      position: z.int().describe('1 for the next one; 1001 for all past the thousandth.'),
      expectedWaitMs: z
        .number()
        .nullable()
        .describe('At the pace of the last minute; null when nothing ended in it.'),
    })
    .nullable()
    .describe('While it waits.'),
  progress: jobProgress.nullable(),
  parts: z.int().describe('How many parts of the result there are: `GET /v1/jobs/{id}/events` shows them.'),
  runs: z.int().describe('How often a worker has begun it.'),
  answer: z.unknown().describe('What the call would have answered; null until it succeeded.'),
  error: z.looseObject({ code: z.string() }).nullable().describe('The problem that it failed with.'),
  createdAt: z.iso.datetime(),
  startedAt: z.iso.datetime().nullable(),
  endedAt: z.iso.datetime().nullable(),
  expiresAt: z.iso.datetime().nullable().describe('When it is forgotten; null until it has ended.'),
});

const page = {
  limit: z.int().min(1).max(100).default(20),
  after: jobId.optional().describe('Id of the last job of the page before.'),
};

const jobPage = z.strictObject({ data: z.array(job), hasMore: z.boolean() });

export const getJob = defineCapability({
  service,
  operation: 'jobs.get',
  summary: 'Tells how a job is, and its answer once it has one.',
  description:
    '`Prefer: respond-async` or `Prefer: wait=<seconds>` at the call of an operation makes a job of it. ' +
    '`GET /v1/jobs/{id}/events` streams its progress and partial results.',
  input: z.strictObject({ id: jobId }),
  output: job,
  http: { method: 'GET', path: '/v1/jobs/{id}' },
  retrySafe: true,
});

export const listJobs = defineCapability({
  service,
  operation: 'jobs.list',
  summary: 'Lists the jobs of the tenant, newest first.',
  input: z.strictObject({ ...page, state: z.enum(JOB_STATES).optional() }),
  output: jobPage,
  http: { method: 'GET', path: '/v1/jobs' },
  retrySafe: true,
});

export const cancelJob = defineCapability({
  service,
  operation: 'jobs.cancel',
  summary: 'Cancels a job: one that waits at once, one that runs as soon as its worker hears of it.',
  description: 'A job that has ended stays as it is.',
  input: z.strictObject({ id: jobId }),
  output: job,
  http: { method: 'POST', path: '/v1/jobs/{id}/cancel' },
  retrySafe: true,
});

export const listDeadLetters = defineCapability({
  service,
  access: 'operate',
  operation: 'dead-letters.list',
  summary: 'Lists the jobs that were given up because their workers died of them, newest first.',
  description: 'Their inputs are kept, so that they can be sent again once the reason is mended.',
  input: z.strictObject(page),
  output: jobPage,
  http: { method: 'GET', path: '/v1/dead-letters' },
  retrySafe: true,
});

export const replayDeadLetter = defineCapability({
  service,
  access: 'operate',
  operation: 'dead-letters.replay',
  summary: 'Puts a job that was given up back into its queue.',
  input: z.strictObject({ id: jobId }),
  output: job,
  http: { method: 'POST', path: '/v1/dead-letters/{id}/replay' },
});
