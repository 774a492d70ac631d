import type { InputOf } from '@ganglion/contracts/capability';
import type { endJobRun } from '@ganglion/contracts/edge/job-runs';
import { ServiceError, toProblem } from '@ganglion/contracts/errors';
import type { CallContext } from '../call-context.js';
import type { Kit } from '../kit.js';
import { serveCall } from '../serve/serve-call.js';
import { StageTimer } from '../stage-timer.js';
import type { InFlightCalls } from '../transport/in-flight-calls.js';
import type { JobHandle } from './job-handle.js';
import type { LeasedRun } from './job-run.js';
import type { JobOperation } from './job-worker.js';

interface Run {
  readonly kit: Kit;
  readonly calls: InFlightCalls;
  /** Undefined when the service has no such operation any more. */
  readonly operation: JobOperation | undefined;
  readonly run: JobHandle;
  readonly leased: LeasedRun;
  readonly tenant: string;
  readonly id: string;
}

type End = InputOf<typeof endJobRun>['end'];

/** Calls the handler of a job's operation as a call would, with the job beside it. @returns how the run ends. */
export async function carryOut(run: Run): Promise<End> {
  const { kit, leased } = run;
  const started = performance.now();
  const { operation } = leased;
  try {
    const answer = await serve(run);
    kit.metrics.calls.inc({ operation, code: 'ok' });
    return { kind: 'answered', answer: answer ?? null };
  } catch (error) {
    const problem = toProblem(error, leased.requestId);
    if (problem.code === 'internal') {
      kit.logger.error({ err: error, jobId: run.id, operation }, 'A job ended in an unexpected error');
    }
    kit.metrics.calls.inc({ operation, code: problem.code });
    return { kind: 'failed', problem: { ...problem } };
  } finally {
    kit.metrics.callSeconds.observe({ operation }, (performance.now() - started) / 1_000);
  }
}

async function serve(run: Run): Promise<unknown> {
  const { kit, calls, operation, leased, id } = run;
  if (operation === undefined) {
    const { name } = kit.identity;
    throw new ServiceError('unknown_operation', `${name} has no operation "${leased.operation}" any more.`);
  }
  const call = calls.begin(id, leased.timeoutMs);
  try {
    const context = contextOf(run, call.signal);
    const onItemError = (error: unknown): void => {
      if (!(error instanceof ServiceError))
        kit.logger.error({ err: error, jobId: id }, 'An item of a job failed');
    };
    const { capability, handler } = operation;
    const body = leased.input;
    const work: (() => void)[] = [];
    const afterReply = (later: () => void): void => void work.push(later);
    const served = serveCall(
      { capability, handler, context, body, bytes: undefined, onItemError, afterReply },
      kit.ledger,
    );
    const result = await call.untilAborted(served);
    for (const later of work) later();
    return result;
  } finally {
    calls.end(call);
  }
}

function contextOf({ leased, tenant, id, run }: Run, signal: AbortSignal): CallContext {
  const { requestId, keyId, traceparent, subject, timeoutMs } = leased;
  return {
    tenant,
    requestId,
    predictionId: id,
    callId: id,
    model: leased.model ?? undefined,
    // Whoever waits for an answer comes first.
    lane: 'background',
    keyId: keyId ?? undefined,
    // Nobody acts as more than a caller by a job.
    actor: undefined,
    traceparent: traceparent ?? undefined,
    subject: subject ?? undefined,
    signal,
    deadline: performance.now() + timeoutMs,
    timing: new StageTimer(),
    notes: new Set(),
    shadows: [],
    job: run,
  };
}
