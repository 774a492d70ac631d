import { setTimeout as sleep } from 'node:timers/promises';
import type { InputOf, OutputOf } from '@ganglion/contracts/capability';
import { endJobRun, reportJob, type leaseJob } from '@ganglion/contracts/edge/job-runs';
import { ServiceError, toProblem } from '@ganglion/contracts/errors';
import type { Caller } from '../caller.js';
import type { JobHandle } from './job-handle.js';

export type LeasedRun = NonNullable<OutputOf<typeof leaseJob>['leased']>;
type Report = Omit<InputOf<typeof reportJob>, 'id' | 'run'>;
type End = InputOf<typeof endJobRun>['end'];

/** Signs of life in one lease, so that one of them may get lost. */
const BEATS_PER_LEASE = 3;
/** Progress is told at least that often. */
const PROGRESS_EVERY_MS = 500;
const RETRY_MS = 500;
/** As long as it lives, a worker tells its result; past that nobody hears it. */
const TELL_END_WITHIN_MS = 15 * 60_000;
/** An error on the gateway's side that it does not call passing may pass all the same. */
const DOUBTFUL_WITHIN_MS = 30_000;

export interface JobRunOptions {
  readonly tenant: string;
  readonly id: string;
  readonly leased: LeasedRun;
  /** Hears that the job was cancelled, or given to another run: this one is to stop. */
  readonly onStop: () => void;
}

/** One run of a job: keeps its lease, and tells the gateway what it has done. */
export class JobRun implements JobHandle {
  private readonly heartbeat: NodeJS.Timeout;
  private latest: Report['progress'];
  private progressTimer: NodeJS.Timeout | undefined;
  private parts: number;
  private isOver = false;

  constructor(
    private readonly caller: Caller,
    private readonly options: JobRunOptions,
  ) {
    this.parts = options.leased.parts;
    this.heartbeat = setInterval(() => this.beat(), options.leased.leaseMs / BEATS_PER_LEASE);
  }

  get run(): number {
    return this.options.leased.run;
  }

  get checkpoint(): unknown {
    return this.options.leased.checkpoint;
  }

  progress(done: number, total: number | null, unit: string): void {
    this.latest = { done, total, unit };
    this.progressTimer ??= setTimeout(() => {
      this.progressTimer = undefined;
      this.beat();
    }, PROGRESS_EVERY_MS);
  }

  async part(value: unknown): Promise<void> {
    await this.tell({ part: { index: this.parts++, value } });
  }

  async saveCheckpoint(value: unknown): Promise<void> {
    await this.tell({ checkpoint: { value, parts: this.parts } });
  }

  /**
   * Tells how the run ended, however often that takes, and lets the lease go.
   *
   * @returns false when another run has the job, and this one's end counts for nothing.
   */
  async end(end: End): Promise<boolean> {
    clearTimeout(this.progressTimer);
    try {
      return await this.tellEnd(end);
    } catch (error) {
      // What cannot be kept, however often it is told: nested too deeply, say.
      if (error instanceof ServiceError && error.spec.retryable) throw error;
      return await this.tellEnd({ kind: 'failed', problem: { ...toProblem(error) } });
    } finally {
      this.isOver = true;
      clearInterval(this.heartbeat);
    }
  }

  private async tellEnd(end: End): Promise<boolean> {
    const { tenant, id } = this.options;
    if (this.latest !== undefined) await this.report({}).catch(() => undefined);
    const input = { id, run: this.run, end };
    const { accepted } = await persist(
      () => this.caller.call(endJobRun, input, { tenant }),
      TELL_END_WITHIN_MS,
    );
    return accepted;
  }

  private async tell(report: Report): Promise<void> {
    await persist(
      () => this.report(report),
      this.options.leased.timeoutMs,
      () => this.isOver,
    );
  }

  /** A sign of life that gets lost is followed by the next. */
  private beat(): void {
    this.report({}).catch(() => undefined);
  }

  private async report(report: Report): Promise<void> {
    const { tenant, id, onStop } = this.options;
    const progress = this.latest;
    const input = { ...report, id, run: this.run, ...(progress !== undefined && { progress }) };
    const { verdict } = await this.caller.call(reportJob, input, { tenant });
    if (this.latest === progress) this.latest = undefined;
    if (verdict !== 'go-on' && !this.isOver) onStop();
  }
}

/** Tries again while time may mend what is wrong. */
async function persist<T>(
  attempt: () => Promise<T>,
  withinMs: number,
  isOver: () => boolean = () => false,
): Promise<T> {
  for (const since = performance.now(); ; await sleep(RETRY_MS)) {
    try {
      return await attempt();
    } catch (error) {
      const patienceMs = Math.min(withinMs, patienceWith(error));
      if (isOver() || performance.now() - since > patienceMs) throw error;
    }
  }
}

function patienceWith(error: unknown): number {
  if (!(error instanceof ServiceError)) return DOUBTFUL_WITHIN_MS;
  if (error.spec.retryable) return Infinity;
  return error.spec.status >= 500 ? DOUBTFUL_WITHIN_MS : -Infinity;
}
