/** Injection tokens for what is not a class of our own. */
export const KIT = Symbol('Kit');
/** A `NatsConnection`. */
export const NATS = Symbol('NatsConnection');
/** A `BlobStore`. */
export const BLOBS = Symbol('BlobStore');
/** A pino `Logger`. */
export const LOGGER = Symbol('Logger');
/** The `Metrics` of the process. */
export const METRICS = Symbol('Metrics');
