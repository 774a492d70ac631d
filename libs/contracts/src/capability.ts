import type { z } from 'zod';
import type { Access } from './access.js';
import type { DeclaredError } from './errors.js';

/** How an operation is bound to HTTP. Path parameters (`{id}`) and query parameters fill input fields of that name. */
export interface HttpBinding {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Absolute path with `{parameters}`, such as `/v1/keys/{id}`. */
  readonly path: string;
  /** Status of a success; 200 unless told otherwise. */
  readonly status?: number;
}

/**
 * When the ledger holds a prediction. `async`: its event is published before the reply; a crash can lose a bounded,
 * counted few. `before-answer`: committed before the reply leaves, and refused with `ledger_unavailable` otherwise.
 */
export type LedgerPolicy = 'async' | 'before-answer';

/** What is recorded of each answer of an operation that predicts. */
export interface PredictionPolicy {
  readonly ledger: LedgerPolicy;
  /** Whether inputs are kept beside their predictions. */
  readonly retainInput: 'never' | 'review' | 'always';
  readonly retainDays: number;
  /** Whether a person may review an answer. */
  readonly reviewable: boolean;
}

/** Which workers run a job: each class has a queue of its own, so that a training never stands in a prediction's way. */
export type JobClass = 'cpu' | 'gpu' | 'training';

/** How an operation runs as a job, which outlives the request that asked for it. */
export interface JobPolicy {
  readonly class: JobClass;
  /** How long one run may take. */
  readonly timeoutMs: number;
  /** How long the ended job and its answer are kept. */
  readonly retainDays: number;
}

/** How an administrative act comes into the audit. */
export interface AuditPolicy {
  /** `gateway`: it records the act before it is done and how it ended. `service`: the service does, in the act's own transaction. */
  readonly by: 'gateway' | 'service';
  /** Input fields that tell on what the act was done: their values are recorded, and those of no other. */
  readonly object: readonly string[];
}

/** A worked example: shown in the docs, sent by tests. */
export interface Example<Input = unknown, Output = unknown> {
  readonly title: string;
  readonly input: Input;
  /** What comes back, rounded for reading. */
  readonly output: Output;
}

/** One operation that a service offers, as a value: everything about it derives from here. */
export interface Capability<Input extends z.ZodType = z.ZodType, Output extends z.ZodType = z.ZodType> {
  readonly service: string;
  /** Name within the service; parts are separated by dots (`faces.detect`). */
  readonly operation: string;
  /** One sentence. */
  readonly summary: string;
  /** Markdown: what it is for, what it is not for, what the fields mean. */
  readonly description: string;
  readonly input: Input;
  readonly output: Output;
  /** `null`: reachable on NATS only. */
  readonly http: HttpBinding | null;
  readonly interaction: 'unary' | 'server-stream' | 'duplex';
  /** `null`: the operation answers with a plain resource and leaves no prediction. */
  readonly prediction: PredictionPolicy | null;
  /** `null`: the operation cannot run as a job. What predicts can, unless told otherwise. */
  readonly job: JobPolicy | null;
  /** Set when `{ "inputs": [ … ] }` is taken as well: the most items of one request. */
  readonly maxItems: number | null;
  readonly errors: readonly DeclaredError[];
  /** What an API key must hold; `null` for operations that only Ganglion's own processes call. */
  readonly scope: string | null;
  /** What kind of act it is: whoever calls must have a role that allows it (`access.ts`). */
  readonly access: Access;
  /** `null`: it is not in the audit. Unless told otherwise, the gateway records what `operate` and `administer` change. */
  readonly audit: AuditPolicy | null;
  /** Time for a call that brings no deadline of its own, and the most that it may ask for. */
  readonly deadlineMs: number;
  /** Whether the gateway may send the call to a second instance when the first stays silent. */
  readonly retrySafe: boolean;
  readonly examples: readonly Example<z.input<Input>, z.output<Output>>[];
}

type Defaulted =
  | 'description'
  | 'http'
  | 'interaction'
  | 'prediction'
  | 'job'
  | 'maxItems'
  | 'errors'
  | 'scope'
  | 'access'
  | 'audit'
  | 'deadlineMs'
  | 'retrySafe'
  | 'examples';

/** A capability as it is written down: what is left out takes the default of {@link defineCapability}. */
export type CapabilityDefinition<Input extends z.ZodType, Output extends z.ZodType> = Omit<
  Capability<Input, Output>,
  Defaulted
> &
  Partial<Pick<Capability<Input, Output>, Defaulted>>;

const SERVICE_NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
const OPERATION_NAME = /^[a-z][a-z0-9]*([-.][a-z0-9]+)*$/;

const DEFAULT_JOB: JobPolicy = { class: 'cpu', timeoutMs: 10 * 60_000, retainDays: 7 };

/**
 * Declares a capability.
 *
 * @throws TypeError when a name cannot be a NATS subject token and a URL path at once.
 */
export function defineCapability<Input extends z.ZodType, Output extends z.ZodType>(
  definition: CapabilityDefinition<Input, Output>,
): Capability<Input, Output> {
  const { service, operation } = definition;
  if (!SERVICE_NAME.test(service)) throw new TypeError(`"${service}" is no service name: use kebab-case.`);
  if (!OPERATION_NAME.test(operation)) {
    throw new TypeError(`"${operation}" is no operation name: use kebab-case, with parts joined by dots.`);
  }
  const http = definition.http === undefined ? defaultBinding(service, operation) : definition.http;
  const access = definition.access ?? 'call';
  return Object.freeze({
    description: '',
    http,
    interaction: 'unary',
    prediction: null,
    job: definition.prediction ? DEFAULT_JOB : null,
    maxItems: null,
    errors: [],
    scope: `${service}:${operation}`,
    access,
    audit: defaultAudit(access, http),
    deadlineMs: 30_000,
    retrySafe: false,
    examples: [],
    ...definition,
  } satisfies Capability<Input, Output>);
}

function defaultBinding(service: string, operation: string): HttpBinding {
  return { method: 'POST', path: `/v1/${service}/${operation.replaceAll('.', '/')}` };
}

/** What runs the installation or gives rights is on record, but for mere looking; path parameters name its object. */
function defaultAudit(access: Access, http: HttpBinding | null): AuditPolicy | null {
  const isAdministrative = access === 'operate' || access === 'administer';
  if (!isAdministrative || http === null || http.method === 'GET') return null;
  return { by: 'gateway', object: [...http.path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name) };
}

/** The input of a capability as a caller writes it. */
export type InputOf<C> = C extends Capability<infer Input, z.ZodType> ? z.input<Input> : never;

/** The input of a capability as its handler gets it: validated, with defaults filled in. */
export type ParsedInputOf<C> = C extends Capability<infer Input, z.ZodType> ? z.output<Input> : never;

/** The output of a capability. */
export type OutputOf<C> = C extends Capability<z.ZodType, infer Output> ? z.output<Output> : never;
