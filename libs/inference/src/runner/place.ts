import type { Session, TensorMap } from '../engine.js';
import type { BatchPlan } from './batch-plan.js';
import type { PendingRun } from './pending-run.js';

/** What came of a batch. */
export interface ComputedBatch {
  /** The outputs of each run. */
  readonly parts: readonly TensorMap[];
  /** When the session began with it, by `performance.now()`. */
  readonly startedAt: number;
  /** Stacking and padding before, splitting after. */
  readonly batchMs: number;
  readonly computeMs: number;
}

/** One of a model's sessions, and what it was given. */
export class Place {
  private batches = 0;
  private freeAt = 0;

  constructor(
    private readonly session: Session,
    private readonly plan: BatchPlan,
  ) {}

  /** Batches that it was given and has not answered. */
  get inFlight(): number {
    return this.batches;
  }

  async compute(batch: readonly PendingRun[]): Promise<ComputedBatch> {
    this.batches += 1;
    try {
      const formedAt = performance.now();
      const inputs = this.plan.join(batch);
      const sentAt = performance.now();
      const outputs = await this.session.run(inputs);
      const answeredAt = performance.now();
      // A batch that was sent ahead begins when the one before it is done.
      const startedAt = Math.max(sentAt, this.freeAt);
      this.freeAt = answeredAt;
      const parts = this.plan.split(outputs, batch);
      const batchMs = sentAt - formedAt + performance.now() - answeredAt;
      return { parts, startedAt, batchMs, computeMs: answeredAt - startedAt };
    } finally {
      this.batches -= 1;
    }
  }
}
