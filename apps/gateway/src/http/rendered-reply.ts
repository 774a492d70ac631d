import { toProblem, type ServiceError } from '@ganglion/contracts/errors';
import type { OperationReply } from '@ganglion/service-kit/operation-request';
import type { FastifyReply } from 'fastify';
import { toJson } from '../call/to-json.js';
import { PROBLEM_TYPE, problemHeaders } from '../problems/send-problem.js';
import type { Operation } from '../routes/operation.js';

/** What is sent to the client, and kept where it must be sent again. */
export interface RenderedReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Undefined for a reply without a body. */
  readonly body: string | undefined;
  /** Code of a problem; empty for a success. */
  readonly problemCode: string;
}

export const JSON_TYPE = 'application/json; charset=utf-8';

/** @throws ServiceError `bad_reply` when JSON cannot say the answer. */
export function renderAnswer(operation: Operation, answer: OperationReply, totalMs: number): RenderedReply {
  const total = `total;dur=${totalMs.toFixed(3)}`;
  const { serverTiming } = answer;
  const timing = serverTiming ? `${serverTiming}, ${total}` : total;
  const status = operation.capability.http?.status ?? 200;
  if (status === 204)
    return { status, headers: { 'server-timing': timing }, body: undefined, problemCode: '' };
  return {
    status,
    headers: { 'server-timing': timing, 'content-type': JSON_TYPE },
    body: toJson(answer.body, operation.outputHasBytes),
    problemCode: '',
  };
}

export function renderProblem(error: ServiceError, requestId: string): RenderedReply {
  const problem = toProblem(error, requestId);
  return {
    status: problem.status,
    headers: { ...problemHeaders(problem), 'content-type': PROBLEM_TYPE },
    body: JSON.stringify(problem),
    problemCode: problem.code,
  };
}

export function sendRendered(reply: FastifyReply, rendered: RenderedReply): FastifyReply {
  reply.problemCode = rendered.problemCode;
  void reply.code(rendered.status).headers(rendered.headers);
  return rendered.body === undefined ? reply.send() : reply.send(rendered.body);
}
