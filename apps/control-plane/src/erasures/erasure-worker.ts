import { setTimeout as sleep } from 'node:timers/promises';
import { eraseEdgeData } from '@ganglion/contracts/edge/erasure';
import { Caller } from '@ganglion/service-kit/caller';
import type { Logger } from '@ganglion/service-kit/logger';
import { LOGGER } from '@ganglion/service-kit/tokens';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { ErasureEntity } from '../persistence/erasure.entity.js';
import { ErasureRepository } from '../persistence/erasure.repository.js';
import { DueErasures, type DueErasure } from '../persistence/system/due-erasures.js';

/** The services that keep data of callers, beside the ledger: a further one takes part by its own `defineErasure`. */
const KEEPERS = [eraseEdgeData] as const;

const LOOK_EVERY_MS = 5_000;
const RETRY_MS = 5_000;
/** Longer than a call, and the way of its record to the ledger, takes: what was under way then is there by then. */
const SETTLE_MS = 15 * 60_000;

/** Carries erasures out, from wherever they were left. */
@Injectable()
export class ErasureWorker implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly stopping = new AbortController();
  private waking = new AbortController();
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly due: DueErasures,
    private readonly repository: ErasureRepository,
    private readonly caller: Caller,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.running = this.run();
  }

  async onModuleDestroy(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  /** Looks now. */
  wake(): void {
    this.waking.abort();
  }

  private async run(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      this.waking = new AbortController();
      const signal = AbortSignal.any([this.stopping.signal, this.waking.signal]);
      await this.workOff().catch((error: unknown) =>
        this.logger.debug({ err: error }, 'Erasures cannot be looked for'),
      );
      await sleep(LOOK_EVERY_MS, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }

  private async workOff(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      const erasure = await this.due.take();
      if (erasure === undefined) return;
      try {
        await this.carryOut(erasure);
      } catch (error) {
        this.logger.warn(
          { err: error, erasureId: erasure.id },
          'An erasure is not complete; it is tried again',
        );
        await this.change(erasure, { dueAt: new Date(Date.now() + RETRY_MS) });
      }
    }
  }

  /** Twice in all: what is there at once, and later what calls left that were under way. */
  private async carryOut(erasure: DueErasure): Promise<void> {
    const erased = await this.erase(erasure);
    const now = new Date();
    if (erasure.state === 'running') {
      const dueAt = new Date(now.getTime() + SETTLE_MS);
      await this.change(erasure, { erased, state: 'settling', erasedAt: now, dueAt });
    } else {
      await this.change(erasure, { erased, state: 'done', doneAt: now, dueAt: null, subject: null });
    }
    this.logger.info({ erasureId: erasure.id, erased }, 'Data was erased');
  }

  private async erase(erasure: DueErasure): Promise<ErasureEntity['erased']> {
    const { tenantId: tenant, id, subject } = erasure;
    const erased: ErasureEntity['erased'] = [];
    // Jobs before their predictions: a run that was stopped adds none.
    for (const keeper of KEEPERS) {
      let reply = await this.caller.call(keeper, { erasure: id, subject }, { tenant });
      while (!reply.isComplete) reply = await this.caller.call(keeper, { erasure: id, subject }, { tenant });
      erased.push(...reply.erased.map((table) => ({ service: keeper.service, ...table })));
    }
    const own = await this.repository.erasePredictions(erasure);
    return [...own.map((table) => ({ service: 'control-plane', ...table })), ...erased];
  }

  private change({ tenantId, id }: DueErasure, change: Partial<ErasureEntity>): Promise<void> {
    return this.repository.update(tenantId, id, change);
  }
}
