import { ServiceError } from '@ganglion/contracts/errors';
import type { ModelManifest } from '@ganglion/contracts/model-manifest';
import type { Session, TensorMap } from '../engine.js';
import { checkInputs, type AxisLengths } from '../signature/check-inputs.js';
import { batchKey, joinOutputs, splitInputs, type Padding } from './batch.js';
import { Batcher } from './batcher.js';
import type { RunnerObserver } from './observer.js';
import { checkAwaited, whileAwaited, type Patience } from './patience.js';
import type { QueuedRun, RunResult, Timings } from './run-queue.js';

export interface RunnerOptions {
  /** The most rows of one run; the manifest's own limit holds as well. */
  readonly maxBatch?: number;
  /** How long an idle model waits for more rows before it runs an incomplete batch, in microseconds; 0 for not at all. */
  readonly maxDelayUs?: number;
  /** The most rows that may wait; what comes beyond is refused at once. */
  readonly maxQueuedRows?: number;
  /** How many batches the session is given at once. */
  readonly concurrency?: number;
  readonly observer?: RunnerObserver;
}

/** What a runner needs to know of its model. */
export type RunnerModel = Pick<ModelManifest, 'id' | 'inputs' | 'outputs' | 'batching'>;

const MAX_QUEUED_ROWS = 1024;

/**
 * One loaded model that serves: requests wait in a bounded queue, are computed in batches, and are dropped once
 * nobody waits for them.
 */
export class Runner {
  private readonly batcher: Batcher;
  private readonly observer: RunnerObserver;
  private readonly padding: Padding;
  private readonly maxBatch: number;
  private readonly maxQueuedRows: number;
  private isClosing = false;

  constructor(
    private readonly session: Session,
    private readonly model: RunnerModel,
    options: RunnerOptions = {},
  ) {
    const { maxBatch = Infinity, maxDelayUs = 0, concurrency = 1, observer = {} } = options;
    this.observer = observer;
    this.padding = model.batching?.padding ?? {};
    this.maxBatch = Math.min(maxBatch, model.batching?.maxBatch ?? 1);
    this.maxQueuedRows = options.maxQueuedRows ?? MAX_QUEUED_ROWS;
    this.batcher = new Batcher(session, {
      maxBatch: this.maxBatch,
      maxDelayUs,
      concurrency,
      padding: this.padding,
      outputs: model.outputs,
      observer,
    });
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
   *   wait; deadline_exceeded or cancelled when the caller's patience ends; model_unavailable when the model is gone.
   */
  async run(inputs: TensorMap, patience: Patience = {}): Promise<RunResult> {
    try {
      const lengths = checkInputs(inputs, this.model.inputs);
      const rows = this.countRows(inputs);
      checkAwaited(patience);
      this.admit(rows);
      const parts = this.model.batching === undefined ? [inputs] : splitInputs(inputs, rows, this.maxBatch);
      const result = await this.runParts(parts, lengths, patience);
      this.observer.onRun?.(result.timings);
      return result;
    } catch (error) {
      this.observer.onRefusal?.(error instanceof ServiceError ? error.code : 'internal');
      throw error;
    }
  }

  /** Takes no more requests and waits until those accepted are answered. */
  async drain(): Promise<void> {
    this.isClosing = true;
    await this.batcher.flush();
  }

  /** Drains, then unloads the model. */
  async close(): Promise<void> {
    await this.drain();
    await this.session.dispose();
  }

  private countRows(inputs: TensorMap): number {
    const [first] = this.model.inputs;
    if (this.model.batching === undefined || first === undefined) return 1;
    const rows = inputs[first.name]?.shape[0] ?? 0;
    if (rows === 0)
      throw new ServiceError('invalid_input', `The input "${first.name}" must have at least one row.`);
    for (const [name, { shape }] of Object.entries(inputs)) {
      if (shape[0] === rows) continue;
      throw new ServiceError(
        'invalid_input',
        `The input "${name}" must have ${rows} rows, as "${first.name}" has.`,
      );
    }
    return rows;
  }

  /** A request larger than the whole queue is let in when nothing waits, for it would never be otherwise. */
  private admit(rows: number): void {
    const { id } = this.model;
    if (this.isClosing) throw new ServiceError('model_unavailable', `The model "${id}" is being unloaded.`);
    const { queuedRows, backlogMs } = this.batcher;
    if (queuedRows === 0 || queuedRows + rows <= this.maxQueuedRows) return;
    const detail = `The model "${id}" has ${queuedRows} rows waiting and takes ${this.maxQueuedRows}.`;
    throw new ServiceError('overloaded', detail, { retryAfterMs: Math.ceil(backlogMs) });
  }

  private async runParts(
    parts: readonly TensorMap[],
    lengths: AxisLengths,
    patience: Patience,
  ): Promise<RunResult> {
    const queued: QueuedRun[] = [];
    const results = parts.map((inputs) => {
      const { promise, run } = this.toQueuedRun(inputs, lengths);
      queued.push(run);
      this.batcher.add(run);
      return promise;
    });
    const abandon = () => queued.forEach((run) => this.batcher.drop(run));
    const all = Promise.all(results);
    // One part that fails fails the request: the others need not be computed any more.
    all.catch(abandon);
    const done = await whileAwaited(all, patience, abandon);
    if (done.length === 1) return done[0] as RunResult;
    return { outputs: joinOutputs(done.map(({ outputs }) => outputs)), timings: sumTimings(done) };
  }

  private toQueuedRun(
    inputs: TensorMap,
    lengths: AxisLengths,
  ): { readonly promise: Promise<RunResult>; readonly run: QueuedRun } {
    let settlers!: Pick<QueuedRun, 'resolve' | 'reject'>;
    const promise = new Promise<RunResult>((resolve, reject) => {
      settlers = { resolve, reject };
    });
    const key = batchKey(inputs, this.padding);
    const run = {
      inputs,
      rows: this.countRows(inputs),
      lengths,
      key,
      queuedAt: performance.now(),
      ...settlers,
    };
    return { promise, run };
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
