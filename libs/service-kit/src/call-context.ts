import { readActor, type Actor } from '@ganglion/contracts/access';
import { DEFAULT_TENANT, HEADERS } from '@ganglion/contracts/wire';
import type { MsgHdrs } from '@nats-io/nats-core';
import { uuidv7 } from '@ganglion/contracts/uuidv7';
import type { Prediction } from './handles.js';
import type { JobHandle } from './jobs/job-handle.js';
import { StageTimer } from './stage-timer.js';

/**
 * Something that computes the same input once more, when its caller has the answer.
 *
 * @param record Brings what came of it to the ledger, marked as a shadow of the answer.
 */
export type ShadowRun = (record: (prediction: Prediction<unknown>) => Promise<void>) => void;

/** What a handler knows of the call it answers. */
export interface CallContext {
  readonly tenant: string;
  readonly requestId: string;
  /** Id of the answer, made where the call was accepted. */
  readonly predictionId: string;
  /** What a call and its retries have in common, and all inputs of one call: the prediction id that it came with. */
  readonly callId: string;
  /** The model that the caller asks for, as `<id>@<version>` or `<id>`. */
  readonly model: string | undefined;
  /** Whose turn comes first at a model; interactive unless told otherwise. */
  readonly lane?: 'interactive' | 'background';
  /** Who asked: id of an API key, `oidc:<subject>` or `anonymous`; absent for a call by NATS alone. */
  readonly keyId: string | undefined;
  /** Who asks, for what is more than a mere call; absent for a call by NATS alone. */
  readonly actor: Actor | undefined;
  readonly traceparent: string | undefined;
  /** Whom the input is about: an opaque id by which what is kept of the call can be erased. */
  readonly subject?: string | undefined;
  /** Aborted when the deadline passes or the caller goes away: whoever works for the call stops then. */
  readonly signal: AbortSignal;
  /** When the caller stops waiting, in milliseconds of `performance.now()`. */
  readonly deadline: number;
  readonly timing: StageTimer;
  /** What the answer's `warnings` say beside the handler's own. */
  readonly notes: Set<string>;
  /** What runs once the reply is out. */
  readonly shadows: ShadowRun[];
  /** Set when the call runs as a job. */
  readonly job?: JobHandle;
}

/** Reads the headers of a call; what is missing or out of bounds takes its default. */
export function contextFromHeaders(
  headers: MsgHdrs | undefined,
  call: { readonly deadlineMs: number; readonly signal: AbortSignal },
): CallContext {
  const header = (name: string): string | undefined => headers?.get(name) || undefined;
  const predictionId = header(HEADERS.predictionId) ?? uuidv7();
  return {
    tenant: header(HEADERS.tenant) ?? DEFAULT_TENANT,
    requestId: header(HEADERS.requestId) ?? uuidv7(),
    predictionId,
    callId: predictionId,
    model: header(HEADERS.model),
    keyId: header(HEADERS.keyId),
    actor: readActor(header(HEADERS.actor)),
    traceparent: header(HEADERS.traceparent),
    subject: header(HEADERS.subject),
    signal: call.signal,
    deadline: performance.now() + call.deadlineMs,
    timing: new StageTimer(),
    notes: new Set(),
    shadows: [],
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
