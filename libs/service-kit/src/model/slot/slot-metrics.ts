import type { Residency } from '@ganglion/inference';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

const SECONDS = [0.001, 0.005, 0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const DIFFERENCES = [1e-6, 1e-4, 1e-3, 0.01, 0.05, 0.1, 0.25, 0.5, 1, 2];

/** What the slots of a process count; `model` is `<id>@<version>`. */
export class SlotMetrics {
  readonly calls: Counter<'slot' | 'model' | 'role'>;
  readonly failures: Counter<'slot' | 'model'>;
  readonly loadSeconds: Histogram<'model'>;
  readonly shadowRuns: Counter<'slot' | 'model' | 'outcome'>;
  readonly shadowDifference: Histogram<'slot' | 'model'>;
  readonly shadowSeconds: Histogram<'slot' | 'model' | 'of'>;

  constructor(registry: Registry, residency: Residency) {
    const registers = [registry];
    this.calls = new Counter({
      name: 'ganglion_slot_calls_total',
      help: 'Calls that a version of a slot was given.',
      labelNames: ['slot', 'model', 'role'],
      registers,
    });
    this.failures = new Counter({
      name: 'ganglion_slot_failures_total',
      help: 'Versions that did not load or prove themselves for a slot.',
      labelNames: ['slot', 'model'],
      registers,
    });
    this.loadSeconds = new Histogram({
      name: 'ganglion_model_load_seconds',
      help: 'Time that a model took to load, prove itself and warm up.',
      labelNames: ['model'],
      buckets: SECONDS,
      registers,
    });
    this.shadowRuns = new Counter({
      name: 'ganglion_shadow_runs_total',
      help: 'Runs of a shadow beside an answer: agreed, differed (in more than numbers), failed or dropped.',
      labelNames: ['slot', 'model', 'outcome'],
      registers,
    });
    this.shadowDifference = new Histogram({
      name: 'ganglion_shadow_difference',
      help: "Greatest relative difference of a number in a shadow's output and in the answer.",
      labelNames: ['slot', 'model'],
      buckets: DIFFERENCES,
      registers,
    });
    this.shadowSeconds = new Histogram({
      name: 'ganglion_shadow_seconds',
      help: 'Time of a use case by the shadow, and by the version that answered the same input.',
      labelNames: ['slot', 'model', 'of'],
      buckets: SECONDS,
      registers,
    });
    watch(registry, residency);
  }
}

function watch(registry: Registry, residency: Residency): void {
  const gauge = (name: string, help: string, value: () => number): void => {
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(value());
      },
    });
  };
  gauge(
    'ganglion_model_memory_bytes',
    'What the loaded models are reckoned to take.',
    () => residency.takenBytes,
  );
  gauge('ganglion_model_held_calls', 'Calls that wait for a model to load.', () => residency.heldCalls);
}
