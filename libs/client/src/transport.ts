import type { HttpRequest } from './encode-request.js';
import { GanglionError } from './ganglion-error.js';
import { readReply } from './read-reply.js';

export interface TransportOptions {
  /** Address of the gateway, such as `http://127.0.0.1:8080`. */
  readonly url: string;
  readonly apiKey: string;
  /** How long a call may take, retries included; 60,000 ms unless told otherwise. */
  readonly timeoutMs?: number;
  /** How often a call that failed with a retryable error is sent again; 2 unless told otherwise. */
  readonly maxRetries?: number;
  /** The platform's `fetch`, unless told otherwise. */
  readonly fetch?: typeof fetch;
}

/** What one call may set for itself. */
export interface CallOptions {
  readonly timeoutMs?: number;
  readonly maxRetries?: number;
  /** Gives the call up: it then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** What the operation says of being called twice. */
export interface RetryPolicy {
  /** Whether it may be sent again when the reply was lost, and it may have been carried out. */
  readonly retrySafe: boolean;
  /** Overrules `maxRetries` for an error code. */
  readonly maxRetriesByCode?: Readonly<Record<string, number>>;
}

const DEFAULT_TIMEOUT_MS = 60_000;
const DEFAULT_RETRIES = 2;
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 8_000;

/** Sends requests with the key, within the time allowed, and again where that makes sense. */
export class Transport {
  private readonly base: string;
  private readonly timeoutMs: number;
  private readonly maxRetries: number;

  /** @throws TypeError when the address is no URL. */
  constructor(private readonly options: TransportOptions) {
    this.base = new URL(options.url).href.replace(/\/+$/, '');
    this.timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    this.maxRetries = options.maxRetries ?? DEFAULT_RETRIES;
  }

  /**
   * @returns The reply's JSON; undefined when it has no body.
   * @throws GanglionError what the server told, or `network`, `timeout`, `unexpected_response`. An abort of the
   *   caller's own signal rejects with its reason.
   */
  async send(request: HttpRequest, policy: RetryPolicy, options: CallOptions = {}): Promise<unknown> {
    const { timeoutMs = this.timeoutMs, maxRetries = this.maxRetries, signal } = options;
    const deadline = Date.now() + timeoutMs;
    for (let retries = 0; ; retries++) {
      try {
        return await this.sendOnce(request, deadline - Date.now(), signal);
      } catch (error) {
        signal?.throwIfAborted();
        if (!(error instanceof GanglionError) || !isWorthRetrying(error, policy)) throw error;
        const mostRetries = policy.maxRetriesByCode?.[error.code] ?? maxRetries;
        const pauseMs = (error.retryAfterMs ?? 0) + jitteredPauseMs(retries);
        if (retries >= mostRetries || Date.now() + pauseMs >= deadline) throw error;
        await pause(pauseMs, signal);
      }
    }
  }

  private async sendOnce(request: HttpRequest, timeoutMs: number, signal?: AbortSignal): Promise<unknown> {
    const timeout = AbortSignal.timeout(Math.max(timeoutMs, 0));
    const ends = signal === undefined ? timeout : AbortSignal.any([timeout, signal]);
    try {
      return await readReply(await this.fetch(request, timeoutMs, ends));
    } catch (error) {
      if (error instanceof GanglionError) throw error;
      throw timeout.aborted ? timedOut(error) : unreachable(this.base, error);
    }
  }

  private fetch(
    { method, path, body }: HttpRequest,
    timeoutMs: number,
    signal: AbortSignal,
  ): Promise<Response> {
    const send = this.options.fetch ?? fetch;
    return send(this.base + path, {
      method,
      signal,
      headers: {
        // A key that was read from a file ends in a line break, which no header may hold.
        authorization: `Bearer ${this.options.apiKey.trim()}`,
        accept: 'application/json',
        'ganglion-deadline-ms': String(Math.max(Math.floor(timeoutMs), 1)),
        ...(typeof body === 'string' && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body }),
    });
  }
}

/** Who has no problem of the server's in hand does not know whether the call was carried out. */
function isWorthRetrying({ code, retryable }: GanglionError, { retrySafe }: RetryPolicy): boolean {
  const mayBeDone = code === 'network' || code === 'unexpected_response';
  return retryable && (retrySafe || !mayBeDone);
}

function timedOut(cause: unknown): GanglionError {
  const detail = 'There was no answer within the time allowed.';
  return new GanglionError({ code: 'timeout', status: 0, detail, retryable: false }, { cause });
}

function unreachable(base: string, cause: unknown): GanglionError {
  const detail = `${base} cannot be reached, or the connection broke. Does Ganglion run there?`;
  return new GanglionError({ code: 'network', status: 0, detail, retryable: true }, { cause });
}

/**
 * Full jitter, on top of what the server asks for: callers that failed together don't come back together.
 *
 * @source "Exponential Backoff And Jitter" (AWS Architecture Blog, 2015)
 */
function jitteredPauseMs(retries: number): number {
  return Math.random() * Math.min(FIRST_PAUSE_MS * 2 ** retries, LONGEST_PAUSE_MS);
}

function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(done, ms);
    signal?.addEventListener('abort', done, { once: true });
    function done(): void {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      if (signal?.aborted) reject(signal.reason as Error);
      else resolve();
    }
  });
}
