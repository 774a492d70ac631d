export { GanglionError } from './ganglion-error.js';
export { Ganglion, type ServiceState } from './ganglion.js';
export type { ApiKey, NewApiKey } from './keys.js';
export type { Prediction } from './predictions.js';
export type { CallOptions, TransportOptions } from './transport.js';
export type { Answer, Answers } from '@ganglion/contracts/answer';
