import type { Logger } from '@ganglion/service-kit/logger';
import { LOGGER } from '@ganglion/service-kit/tokens';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { ContractRepository } from '../persistence/contract.repository.js';
import { ServiceRegistry } from './service-registry.js';

const INTERVAL_MS = 1_000;
/** How often it is noted that a service is still there. */
const NOTE_AGAIN_MS = 3_600_000;
/** A service that nobody saw for that long has gone for good, and its routes with it. */
const FORGOTTEN_AFTER_MS = 7 * 24 * 3_600_000;

interface Note {
  readonly digest: string;
  readonly notedAtMs: number;
}

/**
 * Keeps what services offer, so that a gateway that starts while they are down knows their routes: it takes jobs for
 * them, and says of a call that they are not there rather than that they never were.
 */
@Injectable()
export class ContractMemory implements OnApplicationShutdown {
  private readonly notes = new Map<string, Note>();
  private hasRecalled = false;
  private working: Promise<void> | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly contracts: ContractRepository,
    private readonly registry: ServiceRegistry,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Recalls what was there as soon as the database is reached, and notes what is from then on. */
  start(): void {
    this.timer = setInterval(() => {
      this.working ??= this.work().finally(() => (this.working = undefined));
    }, INTERVAL_MS).unref();
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.working;
  }

  private async work(): Promise<void> {
    try {
      if (!this.hasRecalled) await this.recall();
      await this.noteChanges();
    } catch (error) {
      // It is tried again in a moment; the database's absence is logged elsewhere.
      this.logger.debug({ err: error }, 'Contracts could not be kept');
    }
  }

  private async recall(): Promise<void> {
    const known = await this.contracts.seenSince(new Date(Date.now() - FORGOTTEN_AFTER_MS));
    for (const { digest, document } of known) this.registry.recall(digest, document);
    this.hasRecalled = true;
  }

  private async noteChanges(): Promise<void> {
    for (const [service, { digest, document }] of this.registry.servedContracts()) {
      if (this.registry.instancesOf(service).length === 0) continue;
      const note = this.notes.get(service);
      const now = Date.now();
      if (note?.digest === digest && now - note.notedAtMs < NOTE_AGAIN_MS) continue;
      await this.contracts.save({ service, digest, document, seenAt: new Date(now) });
      this.notes.set(service, { digest, notedAtMs: now });
    }
  }
}
