import { z } from 'zod';
import { defineCapability } from '../capability.js';

/**
 * What a service's workers tell the gateway of the jobs that they run. A run is fenced by its number: once another run
 * of the job was given out, what the earlier one says is refused.
 */
const service = 'edge';

const forWorkers = { service, http: null, scope: null, deadlineMs: 10_000 } as const;

const run = {
  id: z.uuid().describe('Id of the job.'),
  run: z.int().min(1).describe('Number of the run, as `jobs.lease` gave it out.'),
};

export const jobProgress = z.strictObject({
  done: z.number().min(0),
  total: z.number().min(0).nullable().describe('Null while nobody knows.'),
  unit: z
    .string()
    .regex(/^[\p{L}\p{N} %/._-]{0,40}$/u)
    .describe('What is counted, such as `images`.'),
});

const leasedRun = z.strictObject({
  run: run.run,
  operation: z.string(),
  requestId: z.string(),
  keyId: z.string().nullable(),
  traceparent: z.string().nullable(),
  subject: z.string().nullable().describe('Whom the input is about.'),
  model: z.string().nullable().describe('The model that the caller asked for.'),
  input: z.unknown(),
  checkpoint: z.unknown().describe('What an earlier run saved last; null before that.'),
  parts: z.int().describe('How many result parts there were when that checkpoint was saved.'),
  timeoutMs: z.int(),
  leaseMs: z.int().describe('A run that says nothing for that long counts as dead.'),
});

/** Gives a job to the worker that asks, for as long as it keeps reporting. */
export const leaseJob = defineCapability({
  ...forWorkers,
  operation: 'jobs.lease',
  summary: 'Gives one run of a job to a worker.',
  input: z.strictObject({ id: run.id, worker: z.string().max(200) }),
  output: z.strictObject({
    leased: leasedRun.nullable().describe('Null when the job has ended, or somebody else runs it.'),
  }),
});

/** Keeps the lease, and says what has been done so far. */
export const reportJob = defineCapability({
  ...forWorkers,
  operation: 'jobs.report',
  summary: 'Renews the lease of a run and keeps what it has done so far.',
  input: z.strictObject({
    ...run,
    progress: jobProgress.optional(),
    part: z
      .strictObject({ index: z.int().min(0).max(999_999), value: z.unknown() })
      .optional()
      .describe('A part of the result; one that is there already under its index is kept as it was.'),
    checkpoint: z
      .strictObject({ value: z.unknown(), parts: z.int().min(0) })
      .optional()
      .describe('From where the next run goes on, should this one die.'),
  }),
  output: z.strictObject({ verdict: z.enum(['go-on', 'cancel', 'lost']) }),
  retrySafe: true,
});

/** Ends a run; told again, it changes nothing. */
export const endJobRun = defineCapability({
  ...forWorkers,
  operation: 'jobs.end',
  summary: 'Ends a run: with its answer, with an error, or to be tried again.',
  input: z.strictObject({
    ...run,
    end: z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('answered'), answer: z.unknown() }),
      z.strictObject({ kind: z.literal('failed'), problem: z.looseObject({ code: z.string() }) }),
    ]),
  }),
  output: z.strictObject({ accepted: z.boolean().describe('False when another run has taken over.') }),
  retrySafe: true,
});
