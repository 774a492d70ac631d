import { ServiceError } from '@ganglion/contracts/errors';
import { existsSync } from 'node:fs';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { EngineModel, EngineSettings, SessionTensor, TensorMap } from '../engine.js';
import { refusal } from '../engines/refusal.js';
import { toTransfer } from './transfer.js';
import { fromWireError, type WorkerReply, type WorkerRequest, type WorkerStart } from './worker-protocol.js';

/** How long an idle worker that is told to end may take until it is ended. */
const DISPOSE_MS = 5_000;

interface PendingRun {
  resolve(outputs: TensorMap): void;
  reject(error: Error): void;
}

/** One life of a worker thread with a session in it. */
export class SessionWorker {
  /** Resolves when the thread has ended, for whatever reason. */
  readonly ended: Promise<void>;
  private readonly pending = new Map<number, PendingRun>();
  private isAlive = true;
  private nextId = 0;
  /** Called when the last run under way is settled. */
  private onIdle = (): void => {};

  private constructor(
    private readonly worker: Worker,
    private readonly model: EngineModel,
    readonly loaded: {
      readonly inputs: readonly SessionTensor[];
      readonly outputs: readonly SessionTensor[];
      readonly device: string;
    },
  ) {
    worker.on('message', (reply: WorkerReply) => this.settle(reply));
    // An uncaught error of the thread also ends it; the exit fails what is under way.
    worker.on('error', () => {});
    this.ended = new Promise((resolve) => {
      worker.once('exit', () => {
        this.failPending();
        resolve();
      });
    });
  }

  /**
   * Starts a thread and loads a model in it.
   *
   * @throws ServiceError model_unavailable when the engine refuses the model, or the thread dies over it.
   */
  static async start(model: EngineModel, settings: EngineSettings): Promise<SessionWorker> {
    const workerData: WorkerStart = { model, settings };
    const worker = new Worker(workerFile(), { workerData, name: `model ${model.id}` });
    try {
      const reply = await firstReply(worker, model);
      if (reply.kind === 'loaded') return new SessionWorker(worker, model, reply);
      throw reply.kind === 'refused' ? fromWireError(reply.error) : died(model);
    } catch (error) {
      await worker.terminate();
      throw refusal(model, error);
    }
  }

  run(inputs: TensorMap): Promise<TensorMap> {
    return new Promise((resolve, reject) => {
      if (!this.isAlive) return reject(died(this.model));
      const id = this.nextId++;
      const { tensors, buffers } = toTransfer(inputs);
      this.worker.postMessage({ kind: 'run', id, inputs: tensors } satisfies WorkerRequest, buffers);
      this.pending.set(id, { resolve, reject });
    });
  }

  /** Waits for the runs under way, gives the model's memory back and ends the thread. */
  async dispose(): Promise<void> {
    if (this.pending.size > 0) await new Promise<void>((resolve) => (this.onIdle = resolve));
    this.worker.postMessage({ kind: 'dispose' } satisfies WorkerRequest);
    const timer = setTimeout(() => void this.terminate(), DISPOSE_MS);
    await this.ended;
    clearTimeout(timer);
  }

  /**
   * Ends the thread where it stands; runs under way fail. Not for a thread in which ONNX Runtime computes: its binding
   * can't be interrupted, and aborts the whole process (seen with onnxruntime-node 1.30).
   */
  async terminate(): Promise<void> {
    await this.worker.terminate();
    await this.ended;
  }

  private settle(reply: WorkerReply): void {
    if (reply.kind !== 'ran' && reply.kind !== 'failed') return;
    const run = this.pending.get(reply.id);
    this.pending.delete(reply.id);
    if (reply.kind === 'ran') run?.resolve(reply.outputs);
    else run?.reject(fromWireError(reply.error));
    if (this.pending.size === 0) this.onIdle();
  }

  private failPending(): void {
    this.isAlive = false;
    for (const run of this.pending.values()) run.reject(died(this.model));
    this.pending.clear();
    this.onIdle();
  }
}

async function firstReply(worker: Worker, model: EngineModel): Promise<WorkerReply> {
  const gone = new AbortController();
  try {
    return await Promise.race([
      // `once` rejects on an 'error' event: an uncaught error of the thread while it loads.
      once(worker, 'message', { signal: gone.signal }).then(([reply]) => reply as WorkerReply),
      once(worker, 'exit', { signal: gone.signal }).then(() => Promise.reject(died(model))),
    ]);
  } finally {
    gone.abort();
  }
}

function died(model: EngineModel): ServiceError {
  const detail = `The thread of the model "${model.id}" died; it is being loaded again.`;
  return new ServiceError('model_unavailable', detail, { retryAfterMs: 1_000 });
}

/** The worker's file. When this module runs from source, as in tests, it is that of the last build. */
function workerFile(): URL {
  const isSource = import.meta.url.endsWith('.ts');
  const file = new URL(
    isSource ? '../../dist/sessions/session.worker.js' : './session.worker.js',
    import.meta.url,
  );
  if (isSource && !existsSync(file)) {
    throw new Error(`${fileURLToPath(file)} is missing: run "npm run build" first.`);
  }
  return file;
}
