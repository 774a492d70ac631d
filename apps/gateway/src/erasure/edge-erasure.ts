import type { OutputOf } from '@ganglion/contracts/capability';
import type { eraseEdgeData } from '@ganglion/contracts/edge/erasure';
import { ErasureProofs, reachLedger, tenantTransaction, type Erasure } from '@ganglion/persistence';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { JobChanges } from '../jobs/job-changes.js';
import { Bodies } from '../persistence/bodies.js';
import {
  eraseDeliveries,
  eraseJobs,
  eraseKeys,
  eraseSchedules,
  type EraseBatch,
  type ErasedBatch,
} from './erase-rows.js';

/** Schedules first, so that none makes a job of what is being erased. */
const STEPS: readonly EraseBatch[] = [eraseSchedules, eraseJobs, eraseKeys, eraseDeliveries];
/** Well below the deadline of the call. */
const BUDGET_MS = 20_000;

/** Removes what the gateway keeps of a data subject, or of a tenant. */
@Injectable()
export class EdgeErasure {
  private readonly proofs = new ErasureProofs('edge');

  constructor(
    private readonly dataSource: DataSource,
    private readonly bodies: Bodies,
    private readonly changes: JobChanges,
  ) {}

  /** Goes on where an earlier call stopped. */
  async erase(erasure: Erasure): Promise<OutputOf<typeof eraseEdgeData>> {
    const until = performance.now() + BUDGET_MS;
    const isComplete = await this.eraseAll(erasure, until);
    const erased = await this.inTenant(erasure, (manager) => this.proofs.read(manager, erasure));
    return { isComplete, erased };
  }

  private async eraseAll(erasure: Erasure, until: number): Promise<boolean> {
    for (const step of STEPS) {
      for (let isLast = false; !isLast;) {
        if (performance.now() > until) return false;
        const batch = await this.inTenant(erasure, (manager) => step(manager, erasure));
        await this.follow(erasure.tenantId, batch);
        isLast = batch.isLast;
      }
    }
    return true;
  }

  /** Blobs that a crash leaves behind here are held by no row any more: they are swept away. */
  private async follow(tenantId: string, { blobs, running }: ErasedBatch): Promise<void> {
    for (const id of running) this.changes.cancelRun(id);
    await this.bodies.release(tenantId, blobs);
  }

  private inTenant<T>({ tenantId }: Erasure, work: Parameters<typeof tenantTransaction<T>>[2]): Promise<T> {
    return reachLedger(tenantTransaction(this.dataSource, tenantId, work));
  }
}
