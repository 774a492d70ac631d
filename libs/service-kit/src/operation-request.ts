import type { Actor } from '@ganglion/contracts/access';
import type { Problem } from '@ganglion/contracts/errors';
import { fromProblem, ServiceError } from '@ganglion/contracts/errors';
import { ERROR_HEADERS, HEADERS, inlineLimit, operationSubject } from '@ganglion/contracts/wire';
import type { BlobStore } from '@ganglion/persistence';
import { errors, headers, type Msg, type MsgHdrs, type NatsConnection } from '@nats-io/nats-core';
import { endOfTurn } from './end-of-turn.js';
import { requestOverNats } from './nats-request.js';
import { packBody, parseBlobRef, unpackBody, type PackedBody } from './message-body.js';

/** Where a call goes, for whom, and how long its caller waits. */
export interface OperationRequest {
  readonly service: string;
  readonly operation: string;
  /** One instance by its NATS Services id, rather than any of the queue group. */
  readonly instance?: string | undefined;
  readonly tenant: string;
  readonly requestId: string;
  readonly predictionId?: string | undefined;
  readonly keyId?: string | undefined;
  readonly actor?: Actor | undefined;
  readonly traceparent?: string | undefined;
  /** Whom the input is about. */
  readonly subject?: string | undefined;
  /** The model that is to answer. */
  readonly model?: string | undefined;
  readonly timeoutMs: number;
}

export interface OperationReply {
  readonly body: unknown;
  readonly serverTiming: string | undefined;
}

/**
 * Calls an operation over NATS, with bodies above the inline limit by the blob store.
 *
 * @throws ServiceError what the service answered; `unavailable` when nobody serves the operation, `deadline_exceeded`
 *   when nobody answered in time.
 */
export async function requestOperation(
  nats: NatsConnection,
  blobs: BlobStore,
  request: OperationRequest,
  input: unknown,
): Promise<OperationReply> {
  const limitBytes = inlineLimit(nats.info?.max_payload ?? Number.POSITIVE_INFINITY);
  const place = { tenant: request.tenant, blobs };
  const packed = await packBody(input, limitBytes, place);
  try {
    const reply = await sendPacked(nats, request, packed);
    return await readReply(reply, blobs, request.tenant);
  } finally {
    if (packed.ref !== undefined) await blobs.release(request.tenant, parseBlobRef(packed.ref));
  }
}

/** Sends a body that is packed already; the caller reads the reply by {@link readReply}. */
export async function sendPacked(
  nats: NatsConnection,
  request: OperationRequest,
  packed: PackedBody,
): Promise<Msg> {
  const subject = operationSubject(request.service, request.operation, request.instance);
  await endOfTurn();
  try {
    return await requestOverNats(nats, subject, packed.data, {
      timeoutMs: Math.max(request.timeoutMs, 1),
      headers: toHeaders(request, packed.ref),
    });
  } catch (cause) {
    throw toServiceError(cause, request);
  }
}

/** @throws ServiceError what the service answered, when it answered with an error. */
export async function readReply(reply: Msg, blobs: BlobStore, tenant: string): Promise<OperationReply> {
  const ref = reply.headers?.get(HEADERS.bodyRef) || undefined;
  const body = await unpackBody({ data: reply.data, ref }, { tenant, blobs });
  if (ref !== undefined) await blobs.release(tenant, parseBlobRef(ref));
  if (reply.headers?.has(ERROR_HEADERS.code)) throw fromProblem(body as Problem);
  return { body, serverTiming: reply.headers?.get(HEADERS.serverTiming) || undefined };
}

function toHeaders(request: OperationRequest, ref: string | undefined): MsgHdrs {
  const all = headers();
  const set = (name: string, value: string | undefined): void => {
    if (value !== undefined) all.set(name, value);
  };
  set(HEADERS.tenant, request.tenant);
  set(HEADERS.requestId, request.requestId);
  set(HEADERS.predictionId, request.predictionId);
  set(HEADERS.keyId, request.keyId);
  set(HEADERS.actor, request.actor && JSON.stringify(request.actor));
  set(HEADERS.traceparent, request.traceparent);
  set(HEADERS.subject, request.subject);
  set(HEADERS.model, request.model);
  set(HEADERS.deadlineMs, String(Math.max(Math.floor(request.timeoutMs), 0)));
  set(HEADERS.bodyRef, ref);
  return all;
}

/** Milliseconds after which an instance may be back. */
const RETRY_AFTER_MS = 1_000;

function toServiceError(cause: unknown, { service, operation, timeoutMs }: OperationRequest): ServiceError {
  const name = `${service}/${operation}`;
  if (isNoResponders(cause)) {
    return new ServiceError('unavailable', `No instance of ${name} is running.`, {
      cause,
      retryAfterMs: RETRY_AFTER_MS,
    });
  }
  if (cause instanceof errors.TimeoutError) {
    return new ServiceError(
      'deadline_exceeded',
      `${name} did not answer within ${Math.round(timeoutMs)} ms.`,
      { cause },
    );
  }
  return new ServiceError('unavailable', 'NATS cannot be reached.', { cause, retryAfterMs: RETRY_AFTER_MS });
}

/** Whether NATS had nobody to give a request to: it can be sent again without harm. */
export function isNoResponders(error: unknown): boolean {
  return error instanceof errors.NoRespondersError;
}
