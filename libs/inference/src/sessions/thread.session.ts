import { ServiceError } from '@ganglion/contracts/errors';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EngineModel, EngineSettings, Session, SessionTensor, TensorMap } from '../engine.js';
import { SessionWorker } from './session-worker.js';

/** Waiting time before the first attempt to load again, doubled for each that fails. */
const FIRST_BACKOFF_MS = 100;
const MAX_BACKOFF_MS = 30_000;
/** A thread that lived longer than this starts again without a memory of earlier deaths. */
const HEALTHY_MS = 60_000;

export interface ThreadOptions {
  /** Takes one line for each death of the thread and each attempt to load the model again. */
  readonly log?: (line: string) => void;
  /** Starts a thread with the model in it. */
  readonly startWorker?: typeof SessionWorker.start;
}

/**
 * A session in a worker thread of its own: the event loop stays free while it computes. When the thread dies, runs
 * under way fail with `model_unavailable`, and so do new ones until a fresh thread has loaded the model.
 */
export class ThreadSession implements Session {
  readonly inputs: readonly SessionTensor[];
  readonly outputs: readonly SessionTensor[];
  readonly device: string;
  private isDisposed = false;
  private readonly stopWaiting = new AbortController();
  private readonly supervision: Promise<void>;

  private constructor(
    private readonly model: EngineModel,
    private worker: SessionWorker | null,
    private readonly start: () => Promise<SessionWorker>,
    private readonly log: (line: string) => void,
  ) {
    const { inputs, outputs, device } = (worker as SessionWorker).loaded;
    this.inputs = inputs;
    this.outputs = outputs;
    this.device = device;
    this.supervision = this.supervise();
  }

  /** @throws ServiceError model_unavailable when the model can't be loaded at all. */
  static async load(
    model: EngineModel,
    settings: EngineSettings,
    { log = () => {}, startWorker = SessionWorker.start }: ThreadOptions = {},
  ): Promise<ThreadSession> {
    const start = () => startWorker(model, settings);
    return new ThreadSession(model, await start(), start, log);
  }

  async run(inputs: TensorMap): Promise<TensorMap> {
    if (this.worker !== null) return this.worker.run(inputs);
    const state = this.isDisposed ? 'was unloaded' : 'is being loaded again';
    throw new ServiceError('model_unavailable', `The model "${this.model.id}" ${state}.`, {
      retryAfterMs: 1_000,
    });
  }

  async dispose(): Promise<void> {
    this.isDisposed = true;
    this.stopWaiting.abort();
    const { worker } = this;
    this.worker = null;
    await worker?.dispose();
    await this.supervision;
  }

  /** Replaces each thread that dies, until the session is disposed. */
  private async supervise(): Promise<void> {
    let backoffMs = FIRST_BACKOFF_MS;
    while (this.worker !== null) {
      const bornAt = performance.now();
      await this.worker.ended;
      this.worker = null;
      if (this.isDisposed) return;
      if (performance.now() - bornAt > HEALTHY_MS) backoffMs = FIRST_BACKOFF_MS;
      this.log(`The thread of the model ${this.model.id} died.`);
      backoffMs = await this.replace(backoffMs);
    }
  }

  /** Tries until a fresh thread has the model; gives back how long the next death should wait. */
  private async replace(firstMs: number): Promise<number> {
    for (let backoffMs = firstMs; ; backoffMs = Math.min(backoffMs * 2, MAX_BACKOFF_MS)) {
      await sleep(backoffMs, undefined, { signal: this.stopWaiting.signal, ref: false }).catch(() => {});
      if (this.isDisposed) return backoffMs;
      try {
        const worker = await this.start();
        if (this.isDisposed) {
          await worker.dispose();
          return backoffMs;
        }
        this.worker = worker;
        this.log(`The model ${this.model.id} is loaded again.`);
        return Math.min(backoffMs * 2, MAX_BACKOFF_MS);
      } catch (error) {
        this.log(`The model ${this.model.id} could not be loaded again: ${String(error)}`);
      }
    }
  }
}
