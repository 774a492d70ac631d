/** What a client may rely on for one error code: its HTTP status, its title, and whether the same call may succeed later. */
export interface ErrorSpec {
  readonly status: number;
  readonly title: string;
  /** True when the very same request may succeed if it is sent again after `Retry-After`. */
  readonly retryable: boolean;
}

/** The codes that every service and the gateway share. A service's own codes are declared in its contract. */
export const CORE_ERRORS = {
  malformed_request: { status: 400, title: 'The request could not be read', retryable: false },
  invalid_encoding: { status: 400, title: 'The text is not valid Unicode', retryable: false },
  unauthenticated: { status: 401, title: 'No valid API key or token', retryable: false },
  key_expired: { status: 401, title: 'The API key has expired', retryable: false },
  key_revoked: { status: 401, title: 'The API key was revoked', retryable: false },
  token_expired: { status: 401, title: 'The token has expired', retryable: false },
  invalid_token: { status: 401, title: 'The token cannot be trusted', retryable: false },
  forbidden: { status: 403, title: 'The caller may not do this', retryable: false },
  not_found: { status: 404, title: 'There is no such resource', retryable: false },
  unknown_operation: { status: 404, title: 'There is no such operation', retryable: false },
  prediction_pending: { status: 404, title: 'The prediction is not in the ledger yet', retryable: true },
  method_not_allowed: { status: 405, title: 'The path does not take this method', retryable: false },
  conflict: { status: 409, title: 'The request conflicts with what is stored', retryable: false },
  in_progress: { status: 409, title: 'The first request with this key is still running', retryable: true },
  idempotency_key_reused: {
    status: 409,
    title: 'The idempotency key was used for another request',
    retryable: false,
  },
  payload_too_large: { status: 413, title: 'The request is too large', retryable: false },
  unsupported_media_type: { status: 415, title: 'The media type is not supported', retryable: false },
  invalid_input: { status: 422, title: 'The input does not fit the contract', retryable: false },
  unknown_option: { status: 422, title: 'There is no such option', retryable: false },
  unknown_model: { status: 422, title: 'There is no such model', retryable: false },
  too_many_items: { status: 422, title: 'Too many inputs in one request', retryable: false },
  rate_limited: { status: 429, title: 'Too many requests', retryable: true },
  headers_too_large: { status: 431, title: 'The request headers are too large', retryable: false },
  cancelled: { status: 499, title: 'The caller cancelled the request', retryable: false },
  internal: { status: 500, title: 'Something went wrong on our side', retryable: false },
  job_abandoned: { status: 500, title: 'The job ended its workers too often', retryable: false },
  bad_reply: { status: 502, title: 'A service gave an answer that breaks its contract', retryable: false },
  overloaded: { status: 503, title: 'The service is at its limit', retryable: true },
  unavailable: { status: 503, title: 'No instance of the service is running', retryable: true },
  model_unavailable: { status: 503, title: 'The model is not loaded', retryable: true },
  ledger_unavailable: { status: 503, title: 'The ledger cannot be reached', retryable: true },
  deadline_exceeded: {
    status: 504,
    title: 'The deadline passed before there was an answer',
    retryable: true,
  },
  storage_full: { status: 503, title: 'There is no room left for it', retryable: true },
} as const satisfies Record<string, ErrorSpec>;

export type CoreErrorCode = keyof typeof CORE_ERRORS;

/** A service's own error: the code is `<service>.<code>`. */
export interface DeclaredError extends ErrorSpec {
  readonly code: string;
}

/**
 * Declares a service's own errors, for its contract.
 *
 * @example const speechErrors = defineErrors('speech-to-text', { no_decoder: { status: 415, … } });
 *          throw new ServiceError(speechErrors.no_decoder, 'AAC needs ffmpeg on the PATH.');
 */
export function defineErrors<Names extends string>(
  service: string,
  specs: Readonly<Record<Names, ErrorSpec>>,
): Readonly<Record<Names, DeclaredError>> {
  const entries = Object.entries<ErrorSpec>(specs);
  return Object.freeze(
    Object.fromEntries(entries.map(([name, spec]) => [name, { ...spec, code: `${service}.${name}` }])),
  ) as Readonly<Record<Names, DeclaredError>>;
}

/** One place in the input that is wrong. */
export interface FieldError {
  /** JSON Pointer (RFC 6901) into the input, such as `/inputs/3/text`. */
  readonly pointer: string;
  readonly detail: string;
}

/** An error as it travels: an RFC 9457 problem with Ganglion's extension members. */
export interface Problem {
  /** A page that explains the code, relative to the API's address. */
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly retryable: boolean;
  readonly requestId?: string;
  readonly errors?: readonly FieldError[];
  /** Milliseconds after which a retry makes sense; the gateway makes `Retry-After` of it. */
  readonly retryAfterMs?: number;
}

export interface ServiceErrorOptions {
  readonly errors?: readonly FieldError[] | undefined;
  readonly retryAfterMs?: number | undefined;
  readonly cause?: unknown;
}

/**
 * The one error that domain code throws. It knows its code and a sentence that helps; only the service kit and the
 * gateway turn it into a reply.
 */
export class ServiceError extends Error {
  override readonly name = 'ServiceError';
  readonly code: string;
  readonly spec: ErrorSpec;
  readonly errors: readonly FieldError[] | undefined;
  readonly retryAfterMs: number | undefined;

  /** @param detail What was wrong, and what would be right. It reaches the client: no secrets, no content of inputs. */
  constructor(error: CoreErrorCode | DeclaredError, detail: string, options: ServiceErrorOptions = {}) {
    super(detail, { cause: options.cause });
    const { status, title, retryable } = typeof error === 'string' ? CORE_ERRORS[error] : error;
    this.code = typeof error === 'string' ? error : error.code;
    this.spec = { status, title, retryable };
    this.errors = options.errors;
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** The problem that a client sees for `error`. Anything but a {@link ServiceError} keeps its message to itself. */
export function toProblem(error: unknown, requestId?: string): Problem {
  const known =
    error instanceof ServiceError
      ? error
      : new ServiceError('internal', 'An unexpected error. Quote the request id when you report it.');
  return {
    type: `/errors/${known.code}`,
    title: known.spec.title,
    status: known.spec.status,
    detail: known.message,
    code: known.code,
    retryable: known.spec.retryable,
    ...(requestId !== undefined && { requestId }),
    ...(known.errors !== undefined && { errors: known.errors }),
    ...(known.retryAfterMs !== undefined && { retryAfterMs: known.retryAfterMs }),
  };
}

/** The error that a problem was made from: the other end of {@link toProblem}. */
export function fromProblem(problem: Problem): ServiceError {
  const { code, status, title, retryable, detail, errors, retryAfterMs } = problem;
  return new ServiceError({ code, status, title, retryable }, detail, { errors, retryAfterMs });
}
