import { hash } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import type { Answer, Answers } from '@ganglion/contracts/answer';
import type { Capability } from '@ganglion/contracts/capability';
import { ServiceError, toProblem } from '@ganglion/contracts/errors';
import { uuidv7 } from '@ganglion/contracts/uuidv7';
import { HEADERS } from '@ganglion/contracts/wire';
import type { CallContext } from '../call-context.js';
import { encode } from '../codec.js';
import type { Prediction } from '../handles.js';
import type { PredictionLedger } from '../ledger/prediction-ledger.js';
import { StageTimer } from '../stage-timer.js';
import { startShadows, type Shadowed } from './start-shadows.js';
import { validateInput } from './validate-input.js';

/** One call on its way to its handler. */
export interface Call {
  readonly capability: Capability;
  readonly context: CallContext;
  readonly body: unknown;
  /** The message that the body came in; undefined for one that came by the blob store. */
  readonly bytes: Uint8Array | undefined;
  readonly handler: (input: unknown, context: CallContext) => Promise<unknown>;
  /** Hears of errors that one item of many hides from the reply. */
  readonly onItemError: (error: unknown) => void;
  /** Takes what is to be done once the reply is out. */
  readonly afterReply: (work: () => void) => void;
}

/** From a decoded body to what is replied: validate, handle, answer, record. */
export async function serveCall(call: Call, ledger: PredictionLedger): Promise<unknown> {
  const { capability, context, body } = call;
  const items = itemsOf(capability, body);
  if (items !== undefined) return serveItems(call, items, ledger);
  if (capability.prediction === null) {
    refuseModel(call);
    return call.handler(validateInput(capability, body), context);
  }
  const served = await serveItem(call, body, context);
  await record(call, [served], ledger);
  startShadows(call, [served], ledger);
  return served.answer;
}

interface Served extends Shadowed {
  readonly answer: Answer;
}

/** @throws ServiceError `unknown_model` when a model is asked for where none runs. */
function refuseModel({ capability, context }: Call): void {
  if (context.model === undefined) return;
  const { service, operation } = capability;
  throw new ServiceError(
    'unknown_model',
    `${service}/${operation} runs no model: leave out ${HEADERS.model}.`,
  );
}

async function serveItem(call: Call, item: unknown, context: CallContext, pointer = ''): Promise<Served> {
  const input = validateInput(call.capability, item, pointer);
  try {
    const prediction = (await call.handler(input, context)) as Prediction<unknown>;
    return toAnswer(call, item, prediction, context);
  } catch (error) {
    throw below(pointer, error);
  }
}

/** A handler knows one input, not its place among many: the pointers of its errors are moved there. */
function below(pointer: string, error: unknown): unknown {
  if (!(error instanceof ServiceError) || error.errors === undefined || pointer === '') return error;
  const errors = error.errors.map((field) => ({ ...field, pointer: pointer + field.pointer }));
  const { code, spec, message, retryAfterMs, cause } = error;
  return new ServiceError({ code, ...spec }, message, { errors, retryAfterMs, cause });
}

/** The items of `{ "inputs": [ … ] }`, where the capability takes that; undefined for a single input. */
function itemsOf(capability: Capability, body: unknown): readonly unknown[] | undefined {
  if (capability.maxItems === null || typeof body !== 'object' || body === null) return undefined;
  if (!('inputs' in body) || Object.keys(body).length !== 1) return undefined;
  const { inputs } = body;
  if (!Array.isArray(inputs) || inputs.length === 0) {
    throw new ServiceError('invalid_input', '/inputs: must be a list of at least one input.', {
      errors: [{ pointer: '/inputs', detail: 'Must be a list of at least one input.' }],
    });
  }
  if (inputs.length > capability.maxItems) {
    const detail = `${inputs.length} inputs are too many: send at most ${capability.maxItems} in one request.`;
    throw new ServiceError('too_many_items', detail, { errors: [{ pointer: '/inputs', detail }] });
  }
  return inputs;
}

/** Serves many inputs at the same time, so that the Runner can batch them; a wrong one does not spoil the others. */
async function serveItems(call: Call, items: readonly unknown[], ledger: PredictionLedger): Promise<Answers> {
  const { context } = call;
  // Each of many inputs listens for the end of the call.
  setMaxListeners(0, context.signal);
  const timers: StageTimer[] = [];
  const settled = await Promise.allSettled(
    items.map((item, index) => {
      const timing = new StageTimer();
      timers.push(timing);
      return serveItem(
        call,
        item,
        { ...context, timing, notes: new Set(), shadows: [], predictionId: uuidv7() },
        `/inputs/${index}`,
      );
    }),
  );
  context.signal.throwIfAborted();
  addSlowest(context.timing, timers);
  const served = settled.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  if (served.length > 0) await record(call, served, ledger);
  startShadows(call, served, ledger);
  return {
    results: settled.map((result) => {
      if (result.status === 'fulfilled') return result.value.answer;
      call.onItemError(result.reason);
      return { error: toProblem(result.reason, context.requestId) };
    }),
  };
}

/** Items run side by side: what a stage took is what its slowest item took. */
function addSlowest(total: StageTimer, timers: readonly StageTimer[]): void {
  const slowest = new Map<Parameters<StageTimer['add']>[0], number>();
  for (const timer of timers) {
    for (const [stage, ms] of timer.entries()) slowest.set(stage, Math.max(slowest.get(stage) ?? 0, ms));
  }
  for (const [stage, ms] of slowest) total.add(stage, ms);
}

async function record(call: Call, served: readonly Served[], ledger: PredictionLedger): Promise<void> {
  const policy = call.capability.prediction?.ledger;
  if (policy === undefined) return;
  const records = served.map((item) => item.record);
  const started = performance.now();
  await ledger.record(policy, records, call.context);
  call.context.timing.add('ledger', performance.now() - started);
}

function toAnswer(
  { capability, body, bytes }: Call,
  item: unknown,
  prediction: Prediction<unknown>,
  context: CallContext,
): Served {
  const { model, output, explanation, confidence } = prediction;
  const warnings = [...(prediction.warnings ?? []), ...context.notes];
  const explained = explanation !== undefined && { explanation };
  const sent = item === body && bytes !== undefined ? bytes : encode(item);
  return {
    shadows: context.shadows,
    answer: { id: context.predictionId, model, output, ...explained, warnings },
    record: {
      id: context.predictionId,
      requestId: context.requestId,
      service: capability.service,
      operation: capability.operation,
      model,
      inputSha256: hash('sha256', sent, 'hex'),
      output,
      ...explained,
      ...(confidence !== undefined && { confidence }),
      warnings,
      ...(context.keyId !== undefined && { keyId: context.keyId }),
      ...(context.subject !== undefined && { subject: context.subject }),
      ...(capability.prediction && { retainDays: capability.prediction.retainDays }),
      createdAt: new Date().toISOString(),
    },
  };
}
