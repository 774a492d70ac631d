import { once } from 'node:events';
import { getJob } from '@ganglion/contracts/edge/jobs';
import { ServiceError } from '@ganglion/contracts/errors';
import { Injectable } from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Authenticator } from '../auth/authenticator.js';
import { requireAccess } from '../auth/require-access.js';
import { toJson } from '../call/to-json.js';
import type { JobEntity } from '../persistence/job.entity.js';
import { Readiness } from '../status/readiness.js';
import { JobChanges } from './job-changes.js';
import { Jobs } from './jobs.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** A word at that pace keeps proxies from cutting a silent stream. */
const KEEP_ALIVE_MS = 15_000;

/**
 * `GET /v1/jobs/{id}/events`: what happens to a job, as server-sent events. `job` tells its state and progress, `part` a
 * part of its result, `end` the ended job. After a break `Last-Event-ID` goes on with the next part.
 *
 * @source WHATWG HTML, section 9.2 (server-sent events)
 */
@Injectable()
export class JobEventStream {
  constructor(
    private readonly authenticator: Authenticator,
    private readonly jobs: Jobs,
    private readonly changes: JobChanges,
    private readonly readiness: Readiness,
  ) {}

  serve(server: FastifyInstance): void {
    server.get<{ Params: { id: string } }>('/v1/jobs/:id/events', async (request, reply) => {
      const caller = await this.authenticator.authenticate(request);
      requireAccess(caller, getJob);
      request.operationName = 'edge.jobs.events';
      const { id } = request.params;
      if (!UUID.test(id)) throw new ServiceError('invalid_input', 'The id of a job is a UUID.');
      const job = await this.jobs.find(caller.tenant, id);
      await this.stream(request, reply, job);
    });
  }

  private async stream(request: FastifyRequest, reply: FastifyReply, first: JobEntity): Promise<void> {
    const signal = this.readiness.waitingSignal(reply.raw);
    reply.hijack();
    reply.raw.writeHead(200, {
      ...(reply.getHeaders() as Record<string, string>),
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    const sender = new EventSender(reply, signal, readLastEventId(request));
    try {
      for (let job = first; !signal.aborted; job = await this.nextOf(job, signal)) {
        await this.sendParts(sender, job);
        const isEnd = job.endedAt !== null;
        await sender.send(isEnd ? 'end' : 'job', JSON.stringify(await this.jobs.toJob(job)));
        if (isEnd) break;
      }
    } catch (error) {
      request.log.debug({ err: error }, 'A stream of a job broke off');
    } finally {
      reply.raw.end();
    }
  }

  private async sendParts(sender: EventSender, job: JobEntity): Promise<void> {
    while (sender.nextPart < job.parts) {
      const found = await this.jobs.partsFrom(job, sender.nextPart);
      if (found.length === 0) return;
      for (const part of found) await sender.send('part', toJson(part, true), part.index);
    }
  }

  /** The job once something of it changed, or a moment later all the same. */
  private nextOf(job: JobEntity, signal: AbortSignal): Promise<JobEntity> {
    const before = fingerprint(job);
    const look = async () => {
      const value = await this.jobs.find(job.tenantId, job.id);
      return { isFound: fingerprint(value) !== before, value };
    };
    return this.changes.until(job.id, look, performance.now() + KEEP_ALIVE_MS, signal);
  }
}

/** What a listener would see the change of. */
function fingerprint({ state, runs, parts, progress, endedAt }: JobEntity): string {
  return JSON.stringify([state, runs, parts, progress, endedAt]);
}

function readLastEventId({ headers }: FastifyRequest): number {
  const given = headers['last-event-id'];
  return typeof given === 'string' && /^\d{1,6}$/.test(given) ? Number(given) + 1 : 0;
}

/** Writes events as fast as the client reads them. */
class EventSender {
  constructor(
    private readonly reply: FastifyReply,
    private readonly signal: AbortSignal,
    public nextPart: number,
  ) {}

  async send(type: string, data: string, part?: number): Promise<void> {
    if (this.signal.aborted) return;
    if (part !== undefined) this.nextPart = part + 1;
    const id = part === undefined ? '' : `id: ${part}\n`;
    if (this.reply.raw.write(`event: ${type}\n${id}data: ${data}\n\n`)) return;
    await once(this.reply.raw, 'drain', { signal: this.signal }).catch(() => undefined);
  }
}
