import type { Answer, Answers } from '@ganglion/contracts/answer';
import type { Capability, InputOf, OutputOf } from '@ganglion/contracts/capability';
import { Keys } from './keys.js';
import { Predictions } from './predictions.js';
import { toRequestBody } from './request-body.js';
import { Transport, type CallOptions, type TransportOptions } from './transport.js';

/** Media in an input: a Blob or File, or bytes; what the contract calls media takes any of them. */
type WithMedia<Input> = Input | Record<string, unknown>;

/** State of a service, as `GET /v1/services` tells it. */
export interface ServiceState {
  readonly service: string;
  readonly version: string;
  readonly summary: string;
  readonly state: 'ready' | 'missing';
  readonly instances: number;
  readonly capabilities: readonly {
    readonly operation: string;
    readonly method: string;
    readonly path: string;
    readonly summary: string;
  }[];
}

/**
 * Ganglion's API.
 *
 * @example
 * const ganglion = new Ganglion({ url: 'http://127.0.0.1:8080', apiKey });
 * const { output } = await ganglion.call('nlp', 'sentiment', { text: 'What a lovely day.' });
 */
export class Ganglion {
  readonly keys: Keys;
  readonly predictions: Predictions;
  private readonly transport: Transport;

  constructor(options: TransportOptions) {
    this.transport = new Transport(options);
    this.keys = new Keys(this.transport);
    this.predictions = new Predictions(this.transport);
  }

  /**
   * Calls an operation. With the type of its contract, input and output are typed:
   * `call<typeof sentiment>('nlp', 'sentiment', { text })`.
   *
   * @throws GanglionError
   */
  async call<C extends Capability>(
    service: string,
    operation: string,
    input: WithMedia<InputOf<C>>,
    options?: CallOptions,
  ): Promise<Answer<OutputOf<C>>> {
    const body = toRequestBody(input);
    const request = { method: 'POST', path: operationPath(service, operation), body };
    return (await this.transport.send(request, options)) as Answer<OutputOf<C>>;
  }

  /** Calls an operation with many inputs at once; each result is an answer or an error, in order. @throws GanglionError */
  async callMany<C extends Capability>(
    service: string,
    operation: string,
    inputs: readonly InputOf<C>[],
    options?: CallOptions,
  ): Promise<Answers<OutputOf<C>>> {
    const body = JSON.stringify({ inputs });
    const request = { method: 'POST', path: operationPath(service, operation), body };
    return (await this.transport.send(request, options)) as Answers<OutputOf<C>>;
  }

  /** What runs, and what it can do. */
  async services(options?: CallOptions): Promise<readonly ServiceState[]> {
    const found = await this.transport.send({ method: 'GET', path: '/v1/services' }, options);
    return (found as { services: readonly ServiceState[] }).services;
  }
}

function operationPath(service: string, operation: string): string {
  return `/v1/${service}/${operation.replaceAll('.', '/')}`;
}
