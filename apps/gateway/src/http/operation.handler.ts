import type { Answers } from '@ganglion/contracts/answer';
import type { BlobRef } from '@ganglion/contracts/media';
import type { OperationReply } from '@ganglion/service-kit/operation-request';
import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { uuidv7 } from '@ganglion/contracts/uuidv7';
import { Authenticator } from '../auth/authenticator.js';
import type { Caller } from '../auth/caller.js';
import { requireScope } from '../auth/scopes.js';
import { mergeResults } from '../call/merge-results.js';
import { OperationCalls, type CallOrigin } from '../call/operation-calls.js';
import { toJson } from '../call/to-json.js';
import type { CheckedInput } from '../request/check-input.js';
import { InputReader } from '../request/input-reader.js';
import type { Operation } from '../routes/operation.js';
import { OperationRoutes } from '../routes/operation-routes.js';
import { methodNotAllowed, unknownOperation } from '../routes/route-errors.js';
import { readDeadlineMs } from './read-deadline.js';

/** @source W3C Trace Context, version 00. */
const TRACEPARENT = /^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;

/** Answers every request that is for an operation: finds it, knows the caller, reads, calls, replies. */
@Injectable()
export class OperationHandler {
  constructor(
    private readonly routes: OperationRoutes,
    private readonly authenticator: Authenticator,
    private readonly inputs: InputReader,
    private readonly calls: OperationCalls,
  ) {}

  async handle(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const started = performance.now();
    const [path = '/', query = ''] = splitUrl(request.raw.url ?? '/');
    const { operation, parameters } = this.route(request.method, path, reply);
    request.operationName = operation.name;
    this.calls.admit(operation);
    const known = this.authenticator.authenticate(request.headers.authorization);
    const caller = known instanceof Promise ? await known : known;
    requireScope(caller, operation.capability.scope);

    const deadlineMs = readDeadlineMs(
      request.headers['ganglion-deadline-ms'],
      operation.capability.deadlineMs,
    );
    const leases: BlobRef[] = [];
    try {
      const routed = { message: request.raw, parameters, query };
      const input = await this.inputs.read(routed, operation.input, { tenant: caller.tenant, leases });
      const origin = originOf(request, caller, performance.now() + deadlineMs);
      const answer = await this.call(operation, input, origin, reply);
      return send(reply, operation, answer, performance.now() - started);
    } finally {
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

  private async call(
    operation: Operation,
    input: CheckedInput,
    origin: CallOrigin,
    reply: FastifyReply,
  ): Promise<OperationReply> {
    const stopWatching = this.cancelWhenGone(reply, origin.requestId);
    try {
      if (input.kind === 'one') return await this.calls.call(operation, input.value, origin);
      const { items, refused, count } = input;
      if (items.length === 0) {
        return { body: mergeResults(NO_RESULTS, refused, count, origin.requestId), serverTiming: undefined };
      }
      const answered = await this.calls.call(operation, { inputs: items }, origin);
      return refused.size === 0
        ? answered
        : { ...answered, body: mergeResults(answered.body, refused, count, origin.requestId) };
    } finally {
      stopWatching();
    }
  }

  /** A client that hangs up no longer waits: whoever works for it is told. */
  private cancelWhenGone({ raw }: FastifyReply, requestId: string): () => void {
    const onClose = (): void => this.calls.cancel(requestId);
    raw.once('close', onClose);
    return () => raw.removeListener('close', onClose);
  }
}

const NO_RESULTS: Answers = { results: [] };

function splitUrl(url: string): [path: string, query: string] {
  const mark = url.indexOf('?');
  return mark < 0 ? [url, ''] : [url.slice(0, mark), url.slice(mark + 1)];
}

function originOf(request: FastifyRequest, caller: Caller, deadline: number): CallOrigin {
  const { traceparent, 'ganglion-model': model } = request.headers;
  return {
    tenant: caller.tenant,
    keyId: caller.keyId,
    requestId: request.id,
    predictionId: uuidv7(),
    traceparent: typeof traceparent === 'string' && TRACEPARENT.test(traceparent) ? traceparent : undefined,
    // Node joins what is sent twice; no model has such a name, and the service says so.
    model: typeof model === 'string' && model !== '' ? model : undefined,
    deadline,
  };
}

function send(
  reply: FastifyReply,
  operation: Operation,
  answer: OperationReply,
  totalMs: number,
): FastifyReply {
  const total = `total;dur=${totalMs.toFixed(3)}`;
  const { serverTiming } = answer;
  const status = operation.capability.http?.status ?? 200;
  void reply.code(status).header('server-timing', serverTiming ? `${serverTiming}, ${total}` : total);
  if (status === 204) return reply.send();
  return reply.type('application/json; charset=utf-8').send(toJson(answer.body, operation.outputHasBytes));
}
