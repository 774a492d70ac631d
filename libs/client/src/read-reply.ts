import type { Problem } from '@ganglion/contracts/errors';
import { GanglionError } from './ganglion-error.js';

/** Statuses of a proxy in between that has nothing to say in our dialect, and may have more luck later. */
const RETRYABLE_STATUSES = [429, 502, 503, 504];

/**
 * Reads a reply to its end.
 *
 * @returns The body's JSON; `undefined` for a reply without a body (204).
 * @throws GanglionError the problem that the reply tells; `unexpected_response` when it is neither that nor JSON.
 */
export async function readReply(response: Response): Promise<unknown> {
  const text = await response.text();
  if (!response.ok) throw toError(response, parseJson(text));
  if (text === '') return undefined;
  const body = parseJson(text);
  if (body !== undefined) return body;
  const detail = 'The server answered with what is no JSON: is the address that of Ganglion?';
  throw new GanglionError({
    code: 'unexpected_response',
    status: response.status,
    detail,
    retryable: false,
  });
}

/** A problem as it says of itself; any other error by its status. */
function toError({ status, headers }: Response, body: unknown): GanglionError {
  const { code, detail, retryable, errors, ...problem } = (body ?? {}) as Partial<Problem>;
  return new GanglionError({
    code: code ?? 'unexpected_response',
    status,
    detail: detail ?? `The server answered ${status} without a word that could be read.`,
    retryable: retryable ?? RETRYABLE_STATUSES.includes(status),
    requestId: problem.requestId ?? headers.get('ganglion-request-id') ?? undefined,
    errors,
    retryAfterMs: problem.retryAfterMs ?? toRetryAfterMs(headers.get('retry-after')),
  });
}

/** `undefined`, which JSON lacks, stands for text that is none. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** @source RFC 9110, section 10.2.3: seconds, or a date. */
function toRetryAfterMs(header: string | null): number | undefined {
  if (header === null) return undefined;
  const seconds = Number(header);
  const ms = Number.isNaN(seconds) ? Date.parse(header) - Date.now() : seconds * 1_000;
  return Number.isFinite(ms) ? Math.max(ms, 0) : undefined;
}
