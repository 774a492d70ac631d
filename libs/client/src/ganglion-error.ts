import type { FieldError, Problem } from '@ganglion/contracts/errors';

/** What went wrong with a call: the server's problem, or `network` and `timeout`, which the client finds itself. */
export class GanglionError extends Error {
  override readonly name = 'GanglionError';
  /** Stable; see `/errors/<code>` of the API. */
  readonly code: string;
  /** HTTP status; 0 when there was no answer. */
  readonly status: number;
  /** Whether the same call may succeed later. */
  readonly retryable: boolean;
  /** Quote it when you report a problem. */
  readonly requestId: string | undefined;
  /** The places in the input that are wrong. */
  readonly errors: readonly FieldError[];
  readonly retryAfterMs: number | undefined;

  constructor(problem: ProblemLike, options?: ErrorOptions) {
    super(problem.detail, options);
    this.code = problem.code;
    this.status = problem.status;
    this.retryable = problem.retryable;
    this.requestId = problem.requestId;
    this.errors = problem.errors ?? [];
    this.retryAfterMs = problem.retryAfterMs;
  }
}

type ProblemLike = Pick<Problem, 'code' | 'status' | 'detail' | 'retryable'> &
  Partial<{ [K in 'requestId' | 'errors' | 'retryAfterMs']: Problem[K] | undefined }>;

/** Statuses of a proxy in between that has nothing to say in our dialect, and may have more luck later. */
const RETRYABLE_STATUSES = new Set([429, 502, 503, 504]);

/** The error that a response tells; one that is no problem document is told by its status. */
export async function errorOf(response: Response): Promise<GanglionError> {
  const problem = await readProblem(response);
  const { status } = response;
  return new GanglionError({
    code: problem.code ?? 'unexpected_response',
    status,
    detail: problem.detail ?? `The server answered ${status} without a word that could be read.`,
    retryable: problem.retryable ?? RETRYABLE_STATUSES.has(status),
    requestId: problem.requestId ?? response.headers.get('ganglion-request-id') ?? undefined,
    errors: problem.errors,
    retryAfterMs: problem.retryAfterMs ?? retryAfterMs(response.headers.get('retry-after')),
  });
}

async function readProblem(response: Response): Promise<Partial<Problem>> {
  try {
    const body: unknown = await response.json();
    return typeof body === 'object' && body !== null ? body : {};
  } catch {
    return {};
  }
}

/** @source RFC 9110, section 10.2.3: seconds, or a date. */
function retryAfterMs(header: string | null): number | undefined {
  if (header === null) return undefined;
  const seconds = Number(header);
  const ms = Number.isNaN(seconds) ? Date.parse(header) - Date.now() : seconds * 1_000;
  return Number.isFinite(ms) ? Math.max(ms, 0) : undefined;
}
