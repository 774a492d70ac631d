import { DEFAULT_TENANT, HEADERS } from '@ganglion/contracts/wire';
import type { MsgHdrs } from '@nats-io/nats-core';
import { uuidv7 } from '@ganglion/contracts/uuidv7';
import { StageTimer } from './stage-timer.js';

/** What a handler knows of the call it answers. */
export interface CallContext {
  readonly tenant: string;
  readonly requestId: string;
  /** Id of the answer, made where the call was accepted. */
  readonly predictionId: string;
  /** The API key that asked; absent for a call by NATS alone. */
  readonly keyId: string | undefined;
  readonly traceparent: string | undefined;
  /** Aborted when the deadline passes or the caller goes away: whoever works for the call stops then. */
  readonly signal: AbortSignal;
  /** When the caller stops waiting, in milliseconds of `performance.now()`. */
  readonly deadline: number;
  readonly timing: StageTimer;
  /** What the answer's `warnings` say beside the handler's own. */
  readonly notes: Set<string>;
}

/** Reads the headers of a call; what is missing or out of bounds takes its default. */
export function contextFromHeaders(
  headers: MsgHdrs | undefined,
  call: { readonly deadlineMs: number; readonly signal: AbortSignal },
): CallContext {
  const header = (name: string): string | undefined => headers?.get(name) || undefined;
  return {
    tenant: header(HEADERS.tenant) ?? DEFAULT_TENANT,
    requestId: header(HEADERS.requestId) ?? uuidv7(),
    predictionId: header(HEADERS.predictionId) ?? uuidv7(),
    keyId: header(HEADERS.keyId),
    traceparent: header(HEADERS.traceparent),
    signal: call.signal,
    deadline: performance.now() + call.deadlineMs,
    timing: new StageTimer(),
    notes: new Set(),
  };
}

/**
 * How long the caller still waits.
 *
 * @param mostMs What the capability allows, and the default for a call that names no deadline.
 */
export function remainingMs(headers: MsgHdrs | undefined, mostMs: number): number {
  const asked = Number(headers?.get(HEADERS.deadlineMs) || Number.NaN);
  return Number.isFinite(asked) ? Math.min(Math.max(asked, 0), mostMs) : mostMs;
}
