import { ServiceError } from '@ganglion/contracts/errors';
import type { ModelManifest } from '@ganglion/contracts/model-manifest';
import type { Session, TensorMap } from '../engine.js';
import { compileCheck } from '../signature/compile-check.js';
import { Admission } from './admission.js';
import { BatchPlan, joinOutputs, splitInputs } from './batch-plan.js';
import { Batcher } from './batcher.js';
import type { RunnerObserver } from './observer.js';
import { checkAwaited, type Patience } from './patience.js';
import { PendingRun, type Lane, type RunResult, type Timings } from './pending-run.js';

export interface RunnerOptions {
  /** The most rows of one run; the manifest's own limit holds as well. */
  readonly maxBatch?: number;
  /** How long an idle model waits for more rows before it runs an incomplete batch, in microseconds; 0 for not at all. */
  readonly maxDelayUs?: number;
  /** How long a batch should take at the most, in milliseconds: larger ones are made smaller, nothing is refused. */
  readonly targetMs?: number | null;
  /** The most rows that may wait; what comes beyond is refused at once. */
  readonly maxQueuedRows?: number;
  /** The longest that a row may wait, by the time that rows took of late; what would wait longer is refused at once. */
  readonly maxQueueMs?: number;
  readonly observer?: RunnerObserver;
}

/** For how long, and how urgently. */
export interface RunDemand extends Patience {
  /** Whose turn comes first; `interactive` unless told otherwise. */
  readonly lane?: Lane | undefined;
}

/** What a runner needs to know of its model. */
export type RunnerModel = Pick<ModelManifest, 'id' | 'inputs' | 'outputs' | 'batching'>;

const MAX_QUEUED_ROWS = 1024;
const MAX_QUEUE_MS = 10_000;

/**
 * One loaded model that serves: requests wait in a bounded queue, are computed in batches by one of its sessions, and
 * are dropped once nobody waits for them.
 */
export class Runner {
  private readonly check: (inputs: TensorMap) => void;
  private readonly plan: BatchPlan;
  private readonly batcher: Batcher;
  private readonly admission: Admission;
  private readonly observer: RunnerObserver;
  private readonly maxBatch: number;

  /** @param sessions Of the same model; each computes one batch at a time. */
  constructor(
    private readonly sessions: readonly [Session, ...Session[]],
    private readonly model: RunnerModel,
    options: RunnerOptions = {},
  ) {
    const { maxBatch = Infinity, maxDelayUs = 0, targetMs = null, observer = {} } = options;
    const { batching } = model;
    this.observer = observer;
    this.check = compileCheck(model.inputs);
    this.plan = new BatchPlan(model);
    this.maxBatch = Math.min(maxBatch, batching?.maxBatch ?? 1);
    const maxElements = batching?.cost ? batching.cost.max * batching.cost.elements : Infinity;
    const limits = { maxBatch: this.maxBatch, maxElements, targetMs, maxDelayUs };
    this.batcher = new Batcher(sessions, this.plan, { ...limits, observer });
    const { maxQueuedRows = MAX_QUEUED_ROWS, maxQueueMs = MAX_QUEUE_MS } = options;
    this.admission = new Admission(model.id, this.batcher, { rows: maxQueuedRows, waitMs: maxQueueMs });
  }

  /** Rows that wait for their turn, and batches that are being computed. */
  get load(): { readonly queuedRows: number; readonly runningBatches: number } {
    return { queuedRows: this.batcher.queuedRows, runningBatches: this.batcher.running };
  }

  /**
   * Computes the outputs for some rows: the first axis of each input counts them. A model without batching takes its
   * inputs as they are. The inputs are consumed: their buffers may be detached afterwards.
   *
   * @throws ServiceError invalid_input when the inputs do not fit the model's signature; overloaded when too many rows
   *   wait, or more than can be computed before the deadline; deadline_exceeded or cancelled when the caller's patience
   *   ends; model_unavailable when the model is gone.
   */
  async run(inputs: TensorMap, demand: RunDemand = {}): Promise<RunResult> {
    try {
      this.check(inputs);
      const rows = this.countRows(inputs);
      checkAwaited(demand);
      this.admission.admit(rows, demand.deadline);
      const isWhole = this.model.batching === undefined || rows <= this.maxBatch;
      const result = await (isWhole
        ? this.enqueue(inputs, rows, demand).promise
        : this.runParts(splitInputs(inputs, rows, this.maxBatch), demand));
      this.observer.onRun?.(result.timings);
      return result;
    } catch (error) {
      this.observer.onRefusal?.(error instanceof ServiceError ? error.code : 'internal');
      throw error;
    }
  }

  /** Takes no more requests and waits until those accepted are answered. */
  async drain(): Promise<void> {
    this.admission.close();
    await this.batcher.flush();
  }

  /** Drains, then unloads the model. */
  async close(): Promise<void> {
    await this.drain();
    await Promise.all(this.sessions.map((session) => session.dispose()));
  }

  private countRows(inputs: TensorMap): number {
    const { batching, inputs: specs } = this.model;
    const [first] = specs;
    if (batching === undefined || first === undefined) return 1;
    const rows = inputs[first.name]?.shape[0] ?? 0;
    if (rows === 0)
      throw new ServiceError('invalid_input', `The input "${first.name}" must have at least one row.`);
    for (const { name } of specs) {
      if (inputs[name]?.shape[0] === rows) continue;
      throw new ServiceError(
        'invalid_input',
        `The input "${name}" must have ${rows} rows, as "${first.name}" has.`,
      );
    }
    return rows;
  }

  private enqueue(inputs: TensorMap, rows: number, demand: RunDemand): PendingRun {
    const run = new PendingRun({
      inputs,
      rows,
      key: this.plan.key(inputs),
      lane: demand.lane ?? 'interactive',
      elementsPerRow: this.plan.elementsPerRow(inputs),
    });
    run.awaitWith(demand, () => this.batcher.drop(run));
    this.batcher.add(run);
    return run;
  }

  private async runParts(parts: readonly TensorMap[], demand: RunDemand): Promise<RunResult> {
    const runs = parts.map((part) => this.enqueue(part, this.countRows(part), demand));
    const all = Promise.all(runs.map(({ promise }) => promise));
    // One part that fails fails the request: the others need not be computed any more.
    all.catch(() => {
      for (const run of runs) this.batcher.drop(run);
    });
    const done = await all;
    return { outputs: joinOutputs(done.map(({ outputs }) => outputs)), timings: sumTimings(done) };
  }
}

/** The stages of a request that was computed in several parts. */
function sumTimings(parts: readonly RunResult[]): Timings {
  const all = parts.map(({ timings }) => timings);
  return {
    queueMs: Math.min(...all.map(({ queueMs }) => queueMs)),
    batchMs: all.reduce((sum, { batchMs }) => sum + batchMs, 0),
    computeMs: all.reduce((sum, { computeMs }) => sum + computeMs, 0),
    batchSize: Math.max(...all.map(({ batchSize }) => batchSize)),
  };
}
