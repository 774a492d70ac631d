/** One operation that a service offers over HTTP. */
export interface OperationState {
  readonly operation: string;
  readonly method: string;
  readonly path: string;
  readonly summary: string;
}

/** A service that the gateway knows or expects, as `GET /v1/services` tells it. */
export interface ServiceState {
  readonly service: string;
  /** Of the contract that is served; `null` for a service that is expected and was never seen. */
  readonly version: string | null;
  readonly summary: string | null;
  readonly state: 'ready' | 'missing';
  readonly instances: number;
  readonly capabilities: readonly OperationState[];
}
