/** Names on NATS: subjects, queue group, headers. Bodies are MessagePack. */

/** Every instance of a service answers in this queue group, so that one of them gets each call. */
export const QUEUE_GROUP = 'ganglion';

export const HEADERS = {
  tenant: 'Ganglion-Tenant',
  requestId: 'Ganglion-Request-Id',
  predictionId: 'Ganglion-Prediction-Id',
  keyId: 'Ganglion-Key-Id',
  /** JSON of an `Actor`: who asks for what is more than a mere call. */
  actor: 'Ganglion-Actor',
  /** Milliseconds that remain when the message is sent: a duration, for clocks differ between machines. */
  deadlineMs: 'Ganglion-Deadline-Ms',
  /** JSON of a blob reference: the body lies in the blob store, the message is empty. */
  bodyRef: 'Ganglion-Body-Ref',
  /** `<id>@<version>` of the model that is to answer, where the slot holds it. */
  model: 'Ganglion-Model',
  /** Opaque id of the person whom the data is about, by which it can be erased. */
  subject: 'Ganglion-Subject',
  traceparent: 'traceparent',
  idempotencyKey: 'Idempotency-Key',
  serverTiming: 'Server-Timing',
} as const;

/** By these a reply is an error; the body is the problem. @source NATS ADR-32, "Error Handling" */
export const ERROR_HEADERS = { code: 'Nats-Service-Error-Code', title: 'Nats-Service-Error' } as const;

/** The tenant of every call that names none. */
export const DEFAULT_TENANT = 'default';

/** What a tenant may be called: it is a folder of the blob store and a value of headers and settings. */
export const TENANT_NAME = /^[a-z0-9][a-z0-9_-]{0,62}$/;

/** What the id of a data subject may be: visible ASCII without spaces. */
export const DATA_SUBJECT = /^[\x21-\x7e]{1,255}$/;

/** Where an operation is called; with `instance`, where that one instance of the service answers it. */
export function operationSubject(service: string, operation: string, instance?: string): string {
  const subject = `ganglion.${service}.${operation}`;
  return instance === undefined ? subject : `${subject}.${instance}`;
}

/** Where a service answers with its contract as JSON Schema. */
export function contractSubject(service: string): string {
  return `ganglion.${service}.$contract`;
}

/** Where every instance of a service answers with the state of its slots: MessagePack of `SlotOfInstance` by slot. */
export function slotsSubject(service: string): string {
  return `ganglion.${service}.$slots`;
}

/** Where instances say that they came or go, so that a gateway need not wait for its next look around. */
export const ANNOUNCE_SUBJECT = 'ganglion.$announce';

/** Where a caller says that it no longer waits for a request. */
export function cancelSubject(requestId: string): string {
  return `ganglion.$cancel.${requestId}`;
}

/** Where an event of that type is published: `event('key.revoked')` is heard by every gateway. */
export function eventSubject(type: string): string {
  return `ganglion.$event.${type}`;
}

/** JetStream: events from outboxes, each under its type, on their way to durable consumers. */
export const EVENTS_STREAM = { name: 'GANGLION_EVENTS', subject: 'ganglion.$events' } as const;

/** JetStream: predictions under the `async` policy, on their way to the ledger. */
export const PREDICTIONS_STREAM = { name: 'GANGLION_PREDICTIONS', subject: 'ganglion.$predictions' } as const;

/**
 * JetStream: ids of jobs on their way to a worker, one subject a class and service. It is transport: the jobs themselves
 * are rows of the schema `edge`, from which it is filled again when it was lost.
 */
export const JOBS_STREAM = { name: 'GANGLION_JOBS', subjects: 'ganglion.$job.>' } as const;

/** Where a service's workers of that class find ids of jobs. */
export function jobSubject(jobClass: string, service: string): string {
  return `ganglion.$job.${jobClass}.${service}`;
}

/** Where it is said that something of a job changed; with `*` in the place of its id, of any job. */
export function jobChangeSubject(id: string): string {
  return `ganglion.$job-change.${id}`;
}

/** Metadata key of the NATS Services protocol that holds the digest of a service's contract. */
export const CONTRACT_DIGEST = 'contract-digest';

/**
 * What of a message's body travels inside it; more goes by the blob store.
 *
 * @param maxPayload The NATS server's `max_payload`, in bytes; headers need room beside the body.
 */
export function inlineLimit(maxPayload: number): number {
  return Math.min(512 * 1024, maxPayload - 64 * 1024);
}
