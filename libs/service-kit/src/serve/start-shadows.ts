import type { PredictionRecord } from '@ganglion/contracts/prediction-record';
import { uuidv7 } from '@ganglion/contracts/uuidv7';
import type { CallContext, ShadowRun } from '../call-context.js';
import type { Prediction } from '../handles.js';
import type { PredictionLedger } from '../ledger/prediction-ledger.js';
import type { Call } from './serve-call.js';

/** The record of an answer, and what is to compute the same once more. */
export interface Shadowed {
  readonly record: PredictionRecord;
  readonly shadows: readonly ShadowRun[];
}

/**
 * Lets shadows compute once the reply is out. What they make is recorded behind the caller's back, whatever the policy
 * of the operation: it delays nobody, and a record that is lost is counted.
 */
export function startShadows(call: Call, answered: readonly Shadowed[], ledger: PredictionLedger): void {
  // The deadline was the caller's.
  const context: CallContext = { ...call.context, deadline: Infinity };
  for (const { record, shadows } of answered) {
    for (const start of shadows) {
      call.afterReply(() =>
        start((prediction) => ledger.record('async', [toShadow(record, prediction)], context)),
      );
    }
  }
}

/** The record of what a shadow computed beside an answer. */
function toShadow(answered: PredictionRecord, prediction: Prediction<unknown>): PredictionRecord {
  const { explanation: _explanation, confidence: _confidence, ...record } = answered;
  const { model, output, explanation, confidence, warnings = [] } = prediction;
  return {
    ...record,
    id: uuidv7(),
    shadowOf: answered.id,
    model,
    output,
    ...(explanation !== undefined && { explanation }),
    ...(confidence !== undefined && { confidence }),
    warnings: [...warnings],
    createdAt: new Date().toISOString(),
  };
}
