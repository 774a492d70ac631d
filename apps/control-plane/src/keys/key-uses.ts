import type { Logger } from '@ganglion/service-kit/logger';
import { LOGGER } from '@ganglion/service-kit/tokens';
import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { KeyDirectory } from '../persistence/system/key-directory.js';

const WRITE_EVERY_MS = 5_000;

/**
 * When keys were last used. A gateway asks about each key that is in use every 30 s; what is noted of it is written for
 * all keys at once, so that no verification waits for it. A crash loses five seconds of it.
 */
@Injectable()
export class KeyUses implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private uses = new Map<string, Date>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly directory: KeyDirectory,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  note(keyId: string, at: Date): void {
    this.uses.set(keyId, at);
  }

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.write(), WRITE_EVERY_MS);
    this.timer.unref();
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.write();
  }

  /** Writes what was noted since the last time; with the database away, the next time. */
  async write(): Promise<void> {
    const uses = this.uses;
    if (uses.size === 0) return;
    this.uses = new Map();
    try {
      await this.directory.noteUses(uses);
    } catch (error) {
      this.uses = new Map([...uses, ...this.uses]);
      this.logger.debug({ err: error }, 'The last uses of keys could not be written; they will be');
    }
  }
}
