import { errorOf, GanglionError } from './ganglion-error.js';

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
  readonly signal?: AbortSignal;
}

export interface HttpRequest {
  readonly method: string;
  /** Absolute path with query. */
  readonly path: string;
  /** JSON, or a form whose parts are media. */
  readonly body?: string | FormData;
}

const DEFAULT_TIMEOUT_MS = 60_000;
const DEFAULT_RETRIES = 2;
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 8_000;

/** Sends requests with the key, within the time allowed, and again where that makes sense. */
export class Transport {
  private readonly base: string;

  constructor(private readonly options: TransportOptions) {
    this.base = options.url.replace(/\/+$/, '');
  }

  /**
   * @returns The response's JSON; undefined when it has no body.
   * @throws GanglionError what the server told, `network` when it could not be reached, `timeout`. An abort of the
   *   caller's own signal rejects with its reason.
   */
  async send(request: HttpRequest, options: CallOptions = {}): Promise<unknown> {
    const timeoutMs = options.timeoutMs ?? this.options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    const maxRetries = options.maxRetries ?? this.options.maxRetries ?? DEFAULT_RETRIES;
    const deadline = Date.now() + timeoutMs;
    for (let attempt = 0; ; attempt++) {
      try {
        return await this.sendOnce(request, deadline - Date.now(), options.signal);
      } catch (error) {
        options.signal?.throwIfAborted();
        if (!(error instanceof GanglionError) || !error.retryable || attempt >= maxRetries) throw error;
        const pauseMs = error.retryAfterMs ?? jitteredPauseMs(attempt);
        if (Date.now() + pauseMs >= deadline) throw error;
        await pause(pauseMs, options.signal);
      }
    }
  }

  private async sendOnce(request: HttpRequest, timeoutMs: number, signal?: AbortSignal): Promise<unknown> {
    const timeout = AbortSignal.timeout(Math.max(timeoutMs, 0));
    const ends = signal === undefined ? timeout : AbortSignal.any([timeout, signal]);
    const response = await this.fetch(request, timeoutMs, ends).catch((cause: unknown) => {
      throw timeout.aborted ? timedOut(cause) : unreachable(this.base, cause);
    });
    if (!response.ok) throw await errorOf(response);
    const text = await response.text().catch((cause: unknown) => {
      throw timeout.aborted ? timedOut(cause) : unreachable(this.base, cause);
    });
    if (text === '') return undefined;
    return parseJson(text, response.status);
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
        authorization: `Bearer ${this.options.apiKey}`,
        accept: 'application/json',
        'ganglion-deadline-ms': String(Math.max(Math.floor(timeoutMs), 1)),
        ...(typeof body === 'string' && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body }),
    });
  }
}

function parseJson(text: string, status: number): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const detail = 'The server answered with what is no JSON: is the address that of Ganglion?';
    throw new GanglionError({ code: 'unexpected_response', status, detail, retryable: false }, { cause });
  }
}

function timedOut(cause: unknown): GanglionError {
  const detail = 'There was no answer within the time allowed.';
  return new GanglionError({ code: 'timeout', status: 0, detail, retryable: false }, { cause });
}

function unreachable(base: string, cause: unknown): GanglionError {
  const detail = `${base} cannot be reached. Does Ganglion run there?`;
  return new GanglionError({ code: 'network', status: 0, detail, retryable: true }, { cause });
}

/** @source "Exponential Backoff And Jitter" (AWS Architecture Blog, 2015): full jitter. */
function jitteredPauseMs(attempt: number): number {
  return Math.random() * Math.min(FIRST_PAUSE_MS * 2 ** attempt, LONGEST_PAUSE_MS);
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
