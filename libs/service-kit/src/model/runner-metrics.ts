import type { RunnerObserver } from '@ganglion/inference';
import { Counter, Histogram, type Registry } from 'prom-client';

/** What the runners of a process count, by model. */
export class RunnerMetrics {
  private readonly batchRows: Histogram<'model'>;
  private readonly computeSeconds: Histogram<'model'>;
  private readonly refusals: Counter<'model' | 'code'>;

  constructor(registry: Registry) {
    this.batchRows = new Histogram({
      name: 'ganglion_batch_rows',
      help: 'Rows that were computed together.',
      labelNames: ['model'],
      buckets: [1, 2, 4, 8, 16, 32, 64, 128, 256],
      registers: [registry],
    });
    this.computeSeconds = new Histogram({
      name: 'ganglion_batch_compute_seconds',
      help: 'Time that the engine took for one batch.',
      labelNames: ['model'],
      buckets: [0.0001, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
      registers: [registry],
    });
    this.refusals = new Counter({
      name: 'ganglion_model_refusals_total',
      help: 'Requests that a model refused, dropped or failed, by error code.',
      labelNames: ['model', 'code'],
      registers: [registry],
    });
  }

  observer(model: string): RunnerObserver {
    return {
      onBatch: ({ batchSize, computeMs }) => {
        this.batchRows.observe({ model }, batchSize);
        this.computeSeconds.observe({ model }, computeMs / 1_000);
      },
      onRefusal: (code) => this.refusals.inc({ model, code }),
    };
  }
}
