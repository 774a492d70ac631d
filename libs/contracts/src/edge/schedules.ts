import { z } from 'zod';
import { defineCapability } from '../capability.js';

/** Calls that are made again and again: each time becomes a job. */
const service = 'edge';

const scheduleId = z.uuid().describe('Id of the schedule.');

const schedule = z.strictObject({
  id: scheduleId,
  name: z.string(),
  operation: z.string(),
  cron: z.string(),
  timeZone: z.string(),
  nextAt: z.iso.datetime().nullable().describe('When its next job is made; null when never again.'),
  lastJobId: z.uuid().nullable(),
  createdAt: z.iso.datetime(),
});

export const createSchedule = defineCapability({
  service,
  operation: 'schedules.create',
  summary: 'Makes a schedule: a call that becomes a job at each of its times.',
  description:
    'Times that passed while nothing ran are made up for by one job. The key must hold the scope of the operation that ' +
    'is scheduled.',
  input: z.strictObject({
    name: z.string().max(200).default('').describe('What it is for.'),
    operation: z
      .string()
      .regex(/^[a-z0-9-]+\.[a-z0-9.-]+$/)
      .describe('`<service>.<operation>`, such as `nlp.sentiment`.'),
    input: z.unknown().describe("The operation's input."),
    cron: z
      .string()
      .max(200)
      .describe(
        'Minute, hour, day of the month, month, day of the week: `0 8 * * 1-5`. At most once a minute.',
      ),
    timeZone: z.string().max(64).default('UTC').describe('Of the IANA database, such as `Europe/Berlin`.'),
  }),
  output: schedule,
  http: { method: 'POST', path: '/v1/schedules', status: 201 },
});

export const listSchedules = defineCapability({
  service,
  operation: 'schedules.list',
  summary: 'Lists the schedules of the tenant, newest first.',
  input: z.strictObject({
    limit: z.int().min(1).max(100).default(20),
    after: scheduleId.optional().describe('Id of the last schedule of the page before.'),
  }),
  output: z.strictObject({ data: z.array(schedule), hasMore: z.boolean() }),
  http: { method: 'GET', path: '/v1/schedules' },
  retrySafe: true,
});

export const deleteSchedule = defineCapability({
  service,
  operation: 'schedules.delete',
  summary: 'Ends a schedule; jobs that it made stay.',
  input: z.strictObject({ id: scheduleId }),
  output: schedule,
  http: { method: 'DELETE', path: '/v1/schedules/{id}' },
});
