import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** Upper bounds in seconds, from a tabular model's answer to a long transcription. */
const DURATION_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
/** A batch of a tabular model is stacked in microseconds. */
const STAGE_BUCKETS = [0.00001, 0.0001, 0.0005, ...DURATION_BUCKETS];

/** What a process counts, for `/metrics`. One registry a process, so that tests may run several in one. */
export class Metrics {
  readonly registry = new Registry();

  readonly calls = new Counter({
    name: 'ganglion_calls_total',
    help: 'Calls answered, by operation and error code ("ok" for a success).',
    labelNames: ['operation', 'code'] as const,
    registers: [this.registry],
  });

  readonly callSeconds = new Histogram({
    name: 'ganglion_call_duration_seconds',
    help: 'Time from the arrival of a call to its answer.',
    labelNames: ['operation'] as const,
    buckets: DURATION_BUCKETS,
    registers: [this.registry],
  });

  readonly stageSeconds = new Histogram({
    name: 'ganglion_stage_duration_seconds',
    help: 'Time that each stage of a call took.',
    labelNames: ['operation', 'stage'] as const,
    buckets: STAGE_BUCKETS,
    registers: [this.registry],
  });

  private readonly inFlight = new Map<'http' | 'nats', () => number>();

  constructor(service: string) {
    this.registry.setDefaultLabels({ service });
    collectDefaultMetrics({ register: this.registry });
    const { inFlight } = this;
    new Gauge({
      name: 'ganglion_calls_in_flight',
      help: 'Calls that are being answered, by the way that they came.',
      labelNames: ['transport'],
      registers: [this.registry],
      collect() {
        for (const [transport, size] of inFlight) this.set({ transport }, size());
      },
    });
  }

  /** @param size Tells how many calls that came this way are being answered. */
  countInFlight(transport: 'http' | 'nats', size: () => number): void {
    this.inFlight.set(transport, size);
  }
}
