import type { BlobRef } from '@ganglion/contracts/media';
import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { uuidv7 } from '@ganglion/contracts/uuidv7';
import { AccessGuard } from '../auth/access-guard.js';
import { toActor, type Caller } from '../auth/caller.js';
import type { CallOrigin } from '../call/operation-calls.js';
import { readIdempotencyKey } from '../idempotency/read-idempotency-key.js';
import { readPreference } from '../jobs/read-preference.js';
import { InputReader } from '../request/input-reader.js';
import type { Operation } from '../routes/operation.js';
import { readSubject } from '../request/read-subject.js';
import { OperationRoutes } from '../routes/operation-routes.js';
import { methodNotAllowed, unknownOperation } from '../routes/route-errors.js';
import { CallAnswers } from './call-answers.js';
import { readDeadlineMs } from './read-deadline.js';
import { sendRendered, type RenderedReply } from './rendered-reply.js';

/** @source W3C Trace Context, version 00. */
const TRACEPARENT = /^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;

/** Answers every request that is for an operation: finds it, knows the caller, reads, calls, replies. */
@Injectable()
export class OperationHandler {
  constructor(
    private readonly routes: OperationRoutes,
    private readonly guard: AccessGuard,
    private readonly inputs: InputReader,
    private readonly answers: CallAnswers,
  ) {}

  async handle(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const started = performance.now();
    const [path = '/', query = ''] = splitUrl(request.raw.url ?? '/');
    const { operation, parameters } = this.route(request.method, path, reply);
    request.operationName = operation.name;
    // A job is taken however much there is to do.
    if (request.headers.prefer === undefined) this.answers.admit(operation);
    const known = this.guard.admit(operation, request, reply);
    const caller = known instanceof Promise ? await known : known;
    request.caller = caller;
    const deadlineMs = readDeadlineMs(
      request.headers['ganglion-deadline-ms'],
      operation.capability.deadlineMs,
    );
    const wish = {
      key: readIdempotencyKey(request.method, request.headers['idempotency-key']),
      preference: readPreference(request.headers.prefer, operation.capability),
    };
    if (wish.preference !== undefined) this.inputs.checkRoom();
    const admitted = this.guard.enter(caller, reply);
    const release = admitted instanceof Promise ? await admitted : admitted;
    const leases: BlobRef[] = [];
    try {
      const routed = { message: request.raw, parameters, query };
      const input = await this.inputs.read(routed, operation.input, { tenant: caller.tenant, leases });
      request.itemCount = input.kind === 'one' ? 1 : input.count;
      const origin = originOf(request, caller, operation, performance.now() + deadlineMs);
      const call = { operation, input, origin, leases };
      const answer = (): Promise<RenderedReply> => this.answers.answer(call, wish, reply, started);
      return sendRendered(reply, await this.guard.carryOut({ operation, caller, request, input }, answer));
    } finally {
      release();
      if (leases.length > 0) await this.inputs.release(caller.tenant, leases);
    }
  }

  private route(method: string, path: string, reply: FastifyReply) {
    const match = this.routes.find(method, path);
    if (match.kind === 'operation') return match;
    if (match.kind === 'unknown') throw unknownOperation(method, path, match.nearest);
    void reply.header('allow', match.allow.join(', '));
    throw methodNotAllowed(method, match.allow);
  }
}

function splitUrl(url: string): [path: string, query: string] {
  const mark = url.indexOf('?');
  return mark < 0 ? [url, ''] : [url.slice(0, mark), url.slice(mark + 1)];
}

function originOf(
  request: FastifyRequest,
  caller: Caller,
  { capability }: Operation,
  deadline: number,
): CallOrigin {
  const { traceparent, 'ganglion-model': model } = request.headers;
  return {
    tenant: caller.tenant,
    keyId: caller.keyId,
    actor: capability.access === 'call' ? undefined : toActor(caller, request.ip),
    requestId: request.id,
    predictionId: uuidv7(),
    subject: readSubject(request.headers['ganglion-subject']),
    traceparent: typeof traceparent === 'string' && TRACEPARENT.test(traceparent) ? traceparent : undefined,
    // Node joins what is sent twice; no model has such a name, and the service says so.
    model: typeof model === 'string' && model !== '' ? model : undefined,
    deadline,
  };
}
