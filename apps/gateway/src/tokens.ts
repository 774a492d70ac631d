/** Injection tokens for what is not a class of our own. */

/** The `GatewaySettings`. */
export const SETTINGS = Symbol('GatewaySettings');
/** A `NatsConnection`. */
export const NATS = Symbol('NatsConnection');
/** A `BlobStore`. */
export const BLOBS = Symbol('BlobStore');
/** A pino `Logger`. */
export const LOGGER = Symbol('Logger');
/** The `Metrics` of the process. */
export const METRICS = Symbol('Metrics');
