import type { CoreErrorCode, FieldError, Problem } from '@ganglion/contracts/errors';

/**
 * A code that every service shares, a service's own (`<service>.<code>`), or one that the client finds itself: `network`
 * (no reply came, or it broke off), `timeout`, `unexpected_response` (it is no reply of Ganglion's).
 */
export type ErrorCode = CoreErrorCode | 'network' | 'timeout' | 'unexpected_response' | (string & {});

/** What an error is made of. */
export interface ErrorInit {
  readonly code: ErrorCode;
  readonly status: number;
  readonly detail: string;
  readonly retryable: boolean;
  readonly requestId?: Problem['requestId'] | undefined;
  readonly errors?: Problem['errors'] | undefined;
  readonly retryAfterMs?: Problem['retryAfterMs'] | undefined;
}

/** Why a call has no answer. The code is stable: decide by it, and show `detail`. */
export class GanglionError extends Error {
  override readonly name = 'GanglionError';
  /** See `/errors/<code>` of the API. */
  readonly code: ErrorCode;
  /** HTTP status; 0 when there was no reply. */
  readonly status: number;
  /** What was wrong, and what would be right; also the message. */
  readonly detail: string;
  /** The places in the input that are wrong. */
  readonly errors: readonly FieldError[];
  /** Whether the same call may succeed later. */
  readonly retryable: boolean;
  /** Quote it when you report a problem. */
  readonly requestId: string | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(init: ErrorInit, options?: ErrorOptions) {
    super(init.detail, options);
    this.code = init.code;
    this.status = init.status;
    this.detail = init.detail;
    this.errors = init.errors ?? [];
    this.retryable = init.retryable;
    this.requestId = init.requestId;
    this.retryAfterMs = init.retryAfterMs;
  }
}
