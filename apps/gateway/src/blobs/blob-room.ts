import { ServiceError } from '@ganglion/contracts/errors';
import type { FolderBlobStore } from '@ganglion/persistence';
import type { Logger } from '@ganglion/service-kit/logger';
import type { Metrics } from '@ganglion/service-kit/metrics';
import { BLOBS, LOGGER, METRICS } from '@ganglion/service-kit/tokens';
import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { Gauge } from 'prom-client';
import type { GatewaySettings } from '../config.js';
import { SETTINGS } from '../settings.module.js';

/** Where nobody set a limit: of what blobs take up and the disk has left. */
const SHARE_OF_DISK = 0.9;
/** From there on the log warns. */
const WARN_SHARE = 0.8;
const SHORTEST_INTERVAL_MS = 10_000;
/** Measuring takes at most this share of the time. */
const MEASURING_SHARE = 0.02;
const RETRY_AFTER_MS = 60_000;

/**
 * How much room is left for blobs. New work is refused when there is none; what was accepted goes on to be stored, so
 * that it is not lost, in what lies above the limit.
 */
@Injectable()
export class BlobRoom implements OnModuleInit, OnModuleDestroy {
  private measuredBytes = 0;
  /** `netBytes` of the store when it was measured. */
  private netBytes = 0;
  private limitBytes = Infinity;
  private state: 'roomy' | 'scarce' | 'full' = 'roomy';
  private timer: NodeJS.Timeout | undefined;

  constructor(
    @Inject(BLOBS) private readonly blobs: FolderBlobStore,
    @Inject(SETTINGS) private readonly settings: GatewaySettings,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(METRICS) metrics: Metrics,
  ) {
    const gauge = (name: string, help: string, value: () => number): void => {
      new Gauge({
        name,
        help,
        registers: [metrics.registry],
        collect() {
          this.set(value());
        },
      });
    };
    gauge('ganglion_blob_bytes', 'Bytes that blobs take up, as last measured.', () => this.usedBytes);
    gauge(
      'ganglion_blob_limit_bytes',
      'Bytes of blobs above which new ones are refused.',
      () => this.limitBytes,
    );
  }

  async onModuleInit(): Promise<void> {
    await this.measure();
  }

  onModuleDestroy(): void {
    clearTimeout(this.timer);
  }

  /** @throws ServiceError `storage_full` */
  check(): void {
    this.tell();
    if (this.state !== 'full') return;
    throw new ServiceError(
      'storage_full',
      'The store of large bodies is full: nothing new is taken until something of it has gone.',
      { retryAfterMs: RETRY_AFTER_MS },
    );
  }

  /** As measured, and what this process has done since. */
  private get usedBytes(): number {
    return this.measuredBytes + this.blobs.netBytes - this.netBytes;
  }

  private async measure(): Promise<void> {
    const started = performance.now();
    try {
      const { usedBytes, freeBytes } = await this.blobs.measure();
      const { blobMaxMb } = this.settings;
      this.measuredBytes = usedBytes;
      this.netBytes = this.blobs.netBytes;
      this.limitBytes =
        blobMaxMb === null ? (usedBytes + freeBytes) * SHARE_OF_DISK : blobMaxMb * 1024 * 1024;
      this.tell();
    } catch (error) {
      this.logger.warn({ err: error }, 'The folder of blobs could not be measured');
    }
    const tookMs = performance.now() - started;
    this.timer = setTimeout(
      () => void this.measure(),
      Math.max(SHORTEST_INTERVAL_MS, tookMs / MEASURING_SHARE),
    ).unref();
  }

  /** Once each time that it changes. */
  private tell(): void {
    const { usedBytes, limitBytes } = this;
    const share = usedBytes / limitBytes;
    const state = share >= 1 ? 'full' : share >= WARN_SHARE ? 'scarce' : 'roomy';
    if (state === this.state) return;
    this.state = state;
    if (state === 'full')
      this.logger.error({ usedBytes, limitBytes }, 'Blobs are refused: their store is full');
    else if (state === 'scarce')
      this.logger.warn({ usedBytes, limitBytes }, 'The store of blobs is nearly full');
    else this.logger.info({ usedBytes, limitBytes }, 'The store of blobs has room again');
  }
}
