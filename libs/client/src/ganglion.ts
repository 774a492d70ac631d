import type { Answer, Answers } from '@ganglion/contracts/answer';
import type { Contract, InputOf, OutputOf } from './contract.js';
import { encodeRequest, type HttpTarget } from './encode-request.js';
import { Keys } from './keys.js';
import { Predictions } from './predictions.js';
import type { ServiceState } from '@ganglion/contracts/service-state';
import { Transport, type CallOptions, type TransportOptions } from './transport.js';

/** What a call to any path may set for itself. */
export interface RequestOptions extends CallOptions {
  /** Whether it may be sent again when the reply was lost, and it may have been carried out. */
  readonly retrySafe?: boolean;
}

/** @source RFC 9110, section 9.2.2 */
const IDEMPOTENT_METHODS = ['GET', 'PUT', 'DELETE'];

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

  /** @throws TypeError when the address is no URL. */
  constructor(options: TransportOptions) {
    this.transport = new Transport(options);
    this.keys = new Keys(this.transport);
    this.predictions = new Predictions(this.transport);
  }

  /**
   * Calls an operation that predicts, by its name or its contract. Typed by the contract in either way:
   * `call<typeof sentiment>('nlp', 'sentiment', { text })` or `call(sentiment, { text })`.
   *
   * @throws GanglionError
   */
  call<C extends Contract = Contract>(
    service: C['service'],
    operation: C['operation'],
    input: InputOf<C>,
    options?: CallOptions,
  ): Promise<Answer<OutputOf<C>>>;
  call<C extends Contract>(
    contract: C,
    input: InputOf<C>,
    options?: CallOptions,
  ): Promise<Answer<OutputOf<C>>>;
  async call(...call: Arguments): Promise<never> {
    return this.send(readCall(call));
  }

  /**
   * Calls an operation with many inputs at once.
   *
   * @returns Each result is an answer or an error, in order.
   * @throws GanglionError
   */
  callMany<C extends Contract = Contract>(
    service: C['service'],
    operation: C['operation'],
    inputs: readonly InputOf<C>[],
    options?: CallOptions,
  ): Promise<Answers<OutputOf<C>>>;
  callMany<C extends Contract>(
    contract: C,
    inputs: readonly InputOf<C>[],
    options?: CallOptions,
  ): Promise<Answers<OutputOf<C>>>;
  async callMany(...call: Arguments): Promise<never> {
    const { input: inputs, ...rest } = readCall(call);
    return this.send({ ...rest, input: { inputs } });
  }

  /** What runs, and what it can do. @throws GanglionError */
  async services(options?: CallOptions): Promise<readonly ServiceState[]> {
    const found = await this.request({ method: 'GET', path: '/v1/services' }, {}, options);
    return (found as { services: readonly ServiceState[] }).services;
  }

  /**
   * Sends an input to any method and path of the API, such as the OpenAPI document tells of. Sent again when the
   * connection broke where HTTP calls the method idempotent, unless told otherwise.
   *
   * @returns The reply's JSON; `undefined` when it has no body.
   * @throws GanglionError
   * @throws TypeError when the path needs a field that the input lacks
   */
  async request(target: HttpTarget, input: unknown = {}, options: RequestOptions = {}): Promise<unknown> {
    const { retrySafe = IDEMPOTENT_METHODS.includes(target.method), ...rest } = options;
    return this.transport.send(encodeRequest(target, input), { retrySafe }, rest);
  }

  /** What comes back has the type that the contract promises: the gateway answers for it. */
  private async send({ target, retrySafe, input, options }: ReadCall): Promise<never> {
    return (await this.transport.send(encodeRequest(target, input), { retrySafe }, options)) as never;
  }
}

type CallByName = [service: string, operation: string, input: unknown, options?: CallOptions];
type CallByContract = [contract: Contract, input: unknown, options?: CallOptions];
/** One of the two, as TypeScript lets overloads be implemented. */
type Arguments = [string | Contract, ...unknown[]];

interface ReadCall {
  readonly target: HttpTarget;
  readonly retrySafe: boolean;
  readonly input: unknown;
  readonly options: CallOptions | undefined;
}

/** By its name alone, an operation is where operations are by default, and taken to be a mere computation. */
function readCall(call: Arguments): ReadCall {
  if (typeof call[0] === 'string') {
    const [service, operation, input, options] = call as CallByName;
    return { target: defaultTarget(service, operation), retrySafe: true, input, options };
  }
  const [{ service, operation, http, retrySafe }, input, options] = call as CallByContract;
  if (http === null) throw new TypeError(`${service}/${operation} cannot be called over HTTP.`);
  return { target: http, retrySafe, input, options };
}

function defaultTarget(service: string, operation: string): HttpTarget {
  const path = [service, ...operation.split('.')].map(encodeURIComponent).join('/');
  return { method: 'POST', path: `/v1/${path}` };
}
