export type { Answer, Answers, Explanation, ModelVersion } from '@ganglion/contracts/answer';
export type { FieldError, Problem } from '@ganglion/contracts/errors';
export type { Contract, InputOf, MediaInput, OutputOf } from './contract.js';
export type { HttpTarget } from './encode-request.js';
export { GanglionError, type ErrorCode } from './ganglion-error.js';
export { Ganglion, type RequestOptions } from './ganglion.js';
export type { ApiKey, CreatedApiKey, NewApiKey } from './keys.js';
export type { GetPredictionOptions, Prediction } from './predictions.js';
export type { OperationState, ServiceState } from '@ganglion/contracts/service-state';
export type { CallOptions, TransportOptions } from './transport.js';
export {
  verifyWebhook,
  WebhookVerificationError,
  type VerifyWebhookOptions,
  type WebhookEvent,
} from './verify-webhook.js';
