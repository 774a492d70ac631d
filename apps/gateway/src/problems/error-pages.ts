import { CORE_ERRORS, ServiceError, type DeclaredError, type ErrorSpec } from '@ganglion/contracts/errors';
import type { FastifyInstance } from 'fastify';
import { escapeHtml, page } from '../docs/page.js';
import type { OperationRoutes } from '../routes/operation-routes.js';

interface ErrorPage extends ErrorSpec {
  readonly code: string;
  /** Operations that declare it; every operation may answer with a core error. */
  readonly operations: readonly string[];
}

/** `GET /errors/<code>`: what the `type` of a problem points at, for each core error and each that a service declares. */
export function serveErrorPages(server: FastifyInstance, routes: OperationRoutes): void {
  server.get<{ Params: { code: string } }>('/errors/:code', (request, reply) => {
    const error = findError(request.params.code, routes);
    if (error === undefined) throw new ServiceError('not_found', 'There is no error of that code.');
    const wantsHtml = request.headers.accept?.includes('text/html') ?? false;
    return wantsHtml ? reply.type('text/html; charset=utf-8').send(toHtml(error)) : reply.send(error);
  });
}

function findError(code: string, routes: OperationRoutes): ErrorPage | undefined {
  if (Object.hasOwn(CORE_ERRORS, code)) {
    return { code, ...CORE_ERRORS[code as keyof typeof CORE_ERRORS], operations: [] };
  }
  const declaring = routes.operations.flatMap(({ name, capability }) =>
    capability.errors.filter((error) => error.code === code).map((error) => ({ name, error })),
  );
  const [first] = declaring;
  if (first === undefined) return undefined;
  const { status, title, retryable }: DeclaredError = first.error;
  return { code, status, title, retryable, operations: declaring.map(({ name }) => name) };
}

function toHtml({ code, status, title, retryable, operations }: ErrorPage): string {
  const advice = retryable
    ? 'The same request may succeed later: wait as long as <code>Retry-After</code> says, then send it again.'
    : 'The same request will fail again: <code>detail</code> and <code>errors</code> of the answer say what to change.';
  const origin =
    operations.length > 0
      ? `<p>Answered by ${operations.map((name) => `<code>${escapeHtml(name)}</code>`).join(', ')}.</p>`
      : '';
  const body = `<h1>${escapeHtml(title)}</h1>
<p><code>${escapeHtml(code)}</code>, with HTTP status ${status}.</p>
<p>${advice}</p>${origin}
<p><a href="/docs">All operations</a></p>`;
  return page(title, body);
}
