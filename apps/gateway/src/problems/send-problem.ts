import { ServiceError, toProblem, type Problem } from '@ganglion/contracts/errors';
import { HEADERS } from '@ganglion/contracts/wire';
import type { Logger } from '@ganglion/service-kit/logger';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';

export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';

/** Whatever went wrong, as a problem: the one way by which an error leaves the gateway. */
export function sendProblem(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  logger: Logger,
): FastifyReply {
  const known = error instanceof ServiceError ? error : fromFastify(error as FastifyError);
  const problem = toProblem(known, request.id);
  log(logger, request, known);
  reply.problemCode = problem.code;
  // Errors of the router come before any hook.
  void reply.header(HEADERS.requestId, request.id);
  for (const [name, value] of Object.entries(problemHeaders(problem))) void reply.header(name, value);
  return reply.code(problem.status).type(PROBLEM_TYPE).send(JSON.stringify(problem));
}

/** @source RFC 6750, section 3.1 */
const INVALID_TOKEN = 'Bearer error="invalid_token"';

/** @source RFC 9110, sections 10.2.3 (Retry-After, in seconds) and 11.6.1 (WWW-Authenticate) */
export function problemHeaders({ status, code, retryAfterMs }: Problem): Record<string, string> {
  return {
    ...(retryAfterMs !== undefined && {
      'retry-after': String(Math.max(1, Math.ceil(retryAfterMs / 1_000))),
    }),
    ...(status === 401 && { 'www-authenticate': code === 'unauthenticated' ? 'Bearer' : INVALID_TOKEN }),
  };
}

/** Fastify's own errors in our words; an unknown one keeps its message to itself. */
function fromFastify(error: FastifyError): unknown {
  switch (error.code) {
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return new ServiceError('unsupported_media_type', 'The Content-Type header cannot be read.');
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return new ServiceError('payload_too_large', 'The body is larger than what is taken here.');
    case 'FST_ERR_BAD_URL':
    case 'FST_ERR_MAX_PARAM_LENGTH':
      return new ServiceError('malformed_request', 'The path is not percent-encoded UTF-8, or is too long.');
    default:
      return isClientError(error) ? new ServiceError('malformed_request', error.message) : error;
  }
}

function isClientError({ code, statusCode }: FastifyError): boolean {
  return typeof code === 'string' && code.startsWith('FST_') && statusCode !== undefined && statusCode < 500;
}

function log(logger: Logger, request: FastifyRequest, error: unknown): void {
  const { id: requestId, operationName: operation } = request;
  if (!(error instanceof ServiceError)) {
    logger.error({ err: error, requestId, operation }, 'A request ended in an unexpected error');
  } else if (error.spec.status >= 500) {
    // What time can mend comes in floods; the metrics count it.
    const level = error.spec.retryable ? 'debug' : 'warn';
    logger[level]({ code: error.code, requestId, operation }, error.message);
  }
}
