import type { EngineModel, EngineSettings, TensorMap } from '../engine.js';
import { refusal } from '../engines/refusal.js';
import type { HostEnd, HostPort, SessionLimits } from './host-port.js';
import { fromWireError, type HostReply, type LoadedModel } from './host-protocol.js';
import { RunLimit } from './run-limit.js';

/** How long an idle host that is told to end may take until it is ended. */
const DISPOSE_MS = 5_000;
/** How long loading may take unless the model's limits say otherwise. */
const LOAD_MS = 300_000;

/** What a host is started with. */
export interface HostStart {
  readonly model: EngineModel;
  readonly settings: EngineSettings;
  readonly limits: SessionLimits;
}

/** A run whose host ended before it had an answer. */
export class HostEnded extends Error {
  /** @param why As the end of a sentence. */
  constructor(readonly why: string) {
    super(why);
  }
}

interface PendingRun {
  resolve(outputs: TensorMap): void;
  reject(error: Error): void;
}

/** One life of a thread or process with a session in it. */
export class SessionHost {
  /** Resolves when the host has ended, for whatever reason. */
  readonly ended: Promise<HostEnd>;
  /** By id, the oldest first: the one that is computed, for a host computes one after the other. */
  private readonly pending = new Map<number, PendingRun>();
  private readonly limit: RunLimit;
  private end: HostEnd | null = null;
  private nextId = 0;
  private timer: NodeJS.Timeout | undefined;
  private computingSince = 0;
  /** Called when the last run under way is settled. */
  private onIdle = (): void => {};

  private constructor(
    private readonly port: HostPort,
    readonly loaded: LoadedModel,
    limits: SessionLimits,
  ) {
    this.limit = new RunLimit(limits.runMs);
    port.onReply((reply) => this.settle(reply));
    this.ended = port.ended.then((end) => this.failPending(end));
  }

  get place(): HostPort['place'] {
    return this.port.place;
  }

  /**
   * Loads a model in a host that was opened for it.
   *
   * @throws ServiceError model_unavailable when the engine refuses the model, or the host ends over it.
   */
  static async start(port: HostPort, { model, settings, limits }: HostStart): Promise<SessionHost> {
    const loadMs = limits.loadMs ?? LOAD_MS;
    const timer = port.isInterruptible
      ? setTimeout(() => port.kill(`it took longer than ${loadMs} ms`), loadMs)
      : undefined;
    const first = new Promise<HostReply>((resolve) => port.onReply(resolve));
    const died = port.ended.then(({ why, lastWords }) => {
      throw new Error(`its ${port.place} ended over it: ${why}.`, { cause: lastWords });
    });
    port.post({ kind: 'load', model, settings });
    try {
      const reply = await Promise.race([first, died]);
      if (reply.kind === 'loaded') return new SessionHost(port, reply, limits);
      throw reply.kind === 'refused' ? fromWireError(reply.error) : new Error(`it began with ${reply.kind}.`);
    } catch (error) {
      port.kill('it could not load');
      await port.ended;
      throw refusal(model, error);
    } finally {
      clearTimeout(timer);
      died.catch(() => {});
    }
  }

  /** @throws HostEnded when the host ends before there is an answer. */
  run(inputs: TensorMap): Promise<TensorMap> {
    return new Promise((resolve, reject) => {
      if (this.end !== null) return reject(new HostEnded(this.end.why));
      const id = this.nextId++;
      // First, for it throws when the buffers were given away already.
      this.port.post({ kind: 'run', id, inputs });
      this.pending.set(id, { resolve, reject });
      if (this.pending.size === 1) this.startClock();
    });
  }

  /** Waits for the runs under way, gives the model's memory back and ends the host. */
  async dispose(): Promise<void> {
    if (this.pending.size > 0) await new Promise<void>((resolve) => (this.onIdle = resolve));
    if (this.end === null) this.port.post({ kind: 'dispose' });
    const timer = setTimeout(() => this.port.kill('it did not end by itself'), DISPOSE_MS);
    await this.ended;
    clearTimeout(timer);
  }

  private settle(reply: HostReply): void {
    if (reply.kind !== 'ran' && reply.kind !== 'failed') return;
    const run = this.pending.get(reply.id);
    this.pending.delete(reply.id);
    this.limit.note(performance.now() - this.computingSince);
    clearTimeout(this.timer);
    if (reply.kind === 'ran') run?.resolve(reply.outputs);
    else run?.reject(fromWireError(reply.error));
    if (this.pending.size > 0) this.startClock();
    else this.onIdle();
  }

  /** From now on the oldest run is the one that is computed. */
  private startClock(): void {
    this.computingSince = performance.now();
    if (!this.port.isInterruptible) return;
    const { ms } = this.limit;
    this.timer = setTimeout(() => this.port.kill(`a run took longer than its limit of ${ms} ms`), ms);
  }

  private failPending(end: HostEnd): HostEnd {
    this.end = end;
    clearTimeout(this.timer);
    for (const run of this.pending.values()) run.reject(new HostEnded(end.why));
    this.pending.clear();
    this.onIdle();
    return end;
  }
}
