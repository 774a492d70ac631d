import { ServiceError } from '@ganglion/contracts/errors';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EngineModel, Session, SessionTensor, TensorMap } from '../engine.js';
import { disposed } from '../engines/refusal.js';
import type { Log } from '../log.js';
import type { HostEnd } from './host-port.js';
import { HostEnded, type SessionHost } from './session-host.js';

/** Waiting time before the first attempt to load again, doubled for each that fails. */
const FIRST_BACKOFF_MS = 100;
const MAX_BACKOFF_MS = 30_000;
/** A host that lived longer than this starts again without a memory of earlier deaths. */
const HEALTHY_MS = 60_000;
/** What callers are told to wait when a load takes longer than the last one did. */
const LEAST_RETRY_MS = 100;

export interface Supervision {
  /** Starts a host with the model in it. */
  readonly start: () => Promise<SessionHost>;
  /** Takes one line for each death of a host and each attempt to load the model again. */
  readonly log?: Log | undefined;
}

/**
 * A session in a host of its own, thread or process: the event loop stays free while it computes. When the host dies,
 * runs under way fail with `model_unavailable`, and so do new ones until a fresh host has loaded the model.
 */
export class SupervisedSession implements Session {
  readonly inputs: readonly SessionTensor[];
  readonly outputs: readonly SessionTensor[];
  readonly device: string;
  private isDisposed = false;
  private backoffMs = FIRST_BACKOFF_MS;
  /** When the next host is expected to have the model, by `performance.now()`; null while there is one. */
  private readyAt: number | null = null;
  private readonly stopWaiting = new AbortController();
  private readonly supervision: Promise<void>;

  private constructor(
    private readonly model: EngineModel,
    private host: SessionHost | null,
    /** How long the last load took. */
    private loadMs: number,
    private readonly options: Supervision,
  ) {
    const { inputs, outputs, device } = (host as SessionHost).loaded;
    this.inputs = inputs;
    this.outputs = outputs;
    this.device = device;
    this.supervision = this.supervise();
  }

  /** @throws ServiceError model_unavailable when the model can't be loaded at all. */
  static async load(model: EngineModel, options: Supervision): Promise<SupervisedSession> {
    const startedAt = performance.now();
    const host = await options.start();
    return new SupervisedSession(model, host, performance.now() - startedAt, options);
  }

  async run(inputs: TensorMap): Promise<TensorMap> {
    const { host } = this;
    if (this.isDisposed) throw disposed(this.model);
    if (host === null) throw this.unavailable('is being loaded again.');
    try {
      return await host.run(inputs);
    } catch (error) {
      if (!(error instanceof HostEnded)) throw error;
      throw this.unavailable(`lost its ${host.place} (${error.why}) and is being loaded again.`);
    }
  }

  async dispose(): Promise<void> {
    this.isDisposed = true;
    this.stopWaiting.abort();
    const { host } = this;
    this.host = null;
    await host?.dispose();
    await this.supervision;
  }

  private unavailable(state: string): ServiceError {
    const waitMs = this.readyAt === null ? this.backoffMs + this.loadMs : this.readyAt - performance.now();
    const retryAfterMs = Math.ceil(Math.max(waitMs, LEAST_RETRY_MS));
    return new ServiceError('model_unavailable', `The model "${this.model.id}" ${state}`, { retryAfterMs });
  }

  /** Replaces each host that dies, until the session is disposed. */
  private async supervise(): Promise<void> {
    for (let { host } = this; host !== null; host = this.host) {
      const bornAt = performance.now();
      const end = await host.ended;
      this.host = null;
      if (this.isDisposed) return;
      if (performance.now() - bornAt > HEALTHY_MS) this.backoffMs = FIRST_BACKOFF_MS;
      this.log(`The ${host.place} of the model ${this.model.id} died: ${describeEnd(end)}`, 'warn');
      await this.replace();
    }
  }

  /** Tries until a fresh host has the model. */
  private async replace(): Promise<void> {
    const { signal } = this.stopWaiting;
    for (; ; this.backoffMs = Math.min(this.backoffMs * 2, MAX_BACKOFF_MS)) {
      this.readyAt = performance.now() + this.backoffMs + this.loadMs;
      await sleep(this.backoffMs, undefined, { signal, ref: false }).catch(() => {});
      if (this.isDisposed) return;
      try {
        await this.startAgain();
        return;
      } catch (error) {
        this.log(`The model ${this.model.id} could not be loaded again: ${String(error)}`, 'warn');
      }
    }
  }

  private async startAgain(): Promise<void> {
    const startedAt = performance.now();
    const host = await this.options.start();
    if (this.isDisposed) return host.dispose();
    this.loadMs = performance.now() - startedAt;
    this.readyAt = null;
    // What dies again soon waits longer.
    this.backoffMs = Math.min(this.backoffMs * 2, MAX_BACKOFF_MS);
    this.host = host;
    this.log(`The model ${this.model.id} is loaded again.`, 'info');
  }

  private log(...line: Parameters<Log>): void {
    this.options.log?.(...line);
  }
}

function describeEnd({ why, lastWords }: HostEnd): string {
  return lastWords === '' ? `${why}.` : `${why}. Its last words: ${lastWords}`;
}
