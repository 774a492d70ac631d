import { setTimeout as sleep } from 'node:timers/promises';
import type { Capability, JobClass } from '@ganglion/contracts/capability';
import { leaseJob } from '@ganglion/contracts/edge/job-runs';
import { jetstreamManager, type Consumer, type JsMsg } from '@nats-io/jetstream';
import { uuidv7 } from '@ganglion/contracts/uuidv7';
import { decode } from '../codec.js';
import type { Kit } from '../kit.js';
import type { Call } from '../serve/serve-call.js';
import type { InFlightCalls } from '../transport/in-flight-calls.js';
import { carryOut } from './carry-out.js';
import { JobRun, type LeasedRun } from './job-run.js';
import { ensureJobsConsumer, ensureJobsStream } from './job-stream.js';

export interface JobOperation {
  readonly capability: Capability;
  readonly handler: Call['handler'];
}

/** How soon a stream that was lost is noticed and made anew. */
const PULL_EXPIRES_MS = 5_000;
const RETRY_MS = 1_000;
const LEASE_WITHIN_MS = 5_000;
const LEASE_ATTEMPTS = 3;

/**
 * Runs the jobs of a service: takes ids from the stream, gets the job itself under a lease from the gateway, calls the
 * handler that also answers calls, and tells the gateway the end. A message is done as soon as there is a lease: from
 * then on it is the lease that brings the job back, should this process die.
 */
export class JobWorker {
  private readonly stopping = new AbortController();
  private readonly consumers = new Map<JobClass, Promise<Consumer>>();
  private loops: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly kit: Kit,
    private readonly calls: InFlightCalls,
    private readonly operations: ReadonlyMap<string, JobOperation>,
  ) {}

  start(): void {
    const classes = Object.entries(this.kit.jobSlots) as [JobClass, number][];
    const slots = classes.flatMap(([jobClass, count]) => Array.from({ length: count }, () => jobClass));
    this.loops = Promise.all(slots.map((jobClass) => this.work(jobClass)));
  }

  /** Takes no more jobs. */
  stop(): void {
    this.stopping.abort();
  }

  /** Resolves once it has stopped and the end of every run is told, or the time is over. */
  async idle(withinMs: number): Promise<void> {
    await Promise.race([this.loops, sleep(withinMs, undefined, { ref: false })]);
  }

  /** One slot: one job after the other. */
  private async work(jobClass: JobClass): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      try {
        const message = await this.nextMessage(jobClass);
        if (message !== undefined) await this.take(message);
      } catch (error) {
        this.consumers.delete(jobClass);
        if (signal.aborted) return;
        this.kit.logger.debug({ err: error, jobClass }, 'No jobs can be taken; trying again');
        await sleep(RETRY_MS, undefined, { signal, ref: false }).catch(() => undefined);
      }
    }
  }

  /** @returns undefined when none came in a while; then stream and consumer are looked after. */
  private async nextMessage(jobClass: JobClass): Promise<JsMsg | undefined> {
    const consumer = await this.consumer(jobClass);
    const messages = await consumer.fetch({ max_messages: 1, expires: PULL_EXPIRES_MS });
    const { signal } = this.stopping;
    const onStop = (): void => messages.stop();
    signal.addEventListener('abort', onStop, { once: true });
    try {
      for await (const message of messages) return message;
    } finally {
      signal.removeEventListener('abort', onStop);
    }
    this.consumers.delete(jobClass);
    return undefined;
  }

  private consumer(jobClass: JobClass): Promise<Consumer> {
    const known = this.consumers.get(jobClass);
    if (known !== undefined) return known;
    const made = this.makeConsumer(jobClass);
    this.consumers.set(jobClass, made);
    return made;
  }

  private async makeConsumer(jobClass: JobClass): Promise<Consumer> {
    const manager = await jetstreamManager(this.kit.nats);
    await ensureJobsStream(manager);
    return ensureJobsConsumer(manager, jobClass, this.kit.identity.name);
  }

  private async take(message: JsMsg): Promise<void> {
    const job = readJob(message);
    if (job === undefined) return message.term('No id of a job.');
    if (this.stopping.signal.aborted) return message.nak();
    let leased: LeasedRun | null;
    try {
      leased = await this.lease(job);
    } catch (error) {
      this.kit.logger.debug({ err: error, jobId: job.id }, 'A job could not be leased; it comes again');
      return message.nak(RETRY_MS);
    }
    message.ack();
    if (leased !== null) await this.run(job, leased);
  }

  /** By the same name each time: whoever's answer got lost gets the same run again. */
  private async lease({ tenant, id }: JobId): Promise<LeasedRun | null> {
    const worker = `${this.kit.identity.name} ${uuidv7()}`;
    for (let attempt = 1; ; attempt++) {
      try {
        const deadline = performance.now() + LEASE_WITHIN_MS;
        const { leased } = await this.kit.caller.call(leaseJob, { id, worker }, { tenant, deadline });
        return leased;
      } catch (error) {
        if (attempt === LEASE_ATTEMPTS) throw error;
        await sleep(RETRY_MS / 4);
      }
    }
  }

  private async run({ tenant, id }: JobId, leased: LeasedRun): Promise<void> {
    const { kit, calls } = this;
    const run = new JobRun(kit.caller, { tenant, id, leased, onStop: () => calls.cancel(id) });
    const operation = this.operations.get(leased.operation);
    const end = await carryOut({ kit, calls, operation, run, leased, tenant, id });
    const isAccepted = await run.end(end).catch((error: unknown) => {
      kit.logger.error(
        { err: error, jobId: id },
        'The end of a job could not be told; another run will find it',
      );
      return true;
    });
    if (!isAccepted)
      kit.logger.warn({ jobId: id, run: leased.run }, 'A run was too late: another has the job');
  }
}

interface JobId {
  readonly tenant: string;
  readonly id: string;
}

function readJob(message: JsMsg): JobId | undefined {
  try {
    const { tenant, id } = decode(message.data) as JobId;
    return typeof tenant === 'string' && typeof id === 'string' ? { tenant, id } : undefined;
  } catch {
    return undefined;
  }
}
