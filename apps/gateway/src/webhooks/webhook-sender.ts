import { setTimeout as sleep } from 'node:timers/promises';
import { AddressGuard } from '@ganglion/service-kit/outbound/address-guard';
import type { Logger } from '@ganglion/service-kit/logger';
import { LOGGER } from '@ganglion/service-kit/tokens';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { GatewaySettings } from '../config.js';
import { DeliveryQueue, type DueDelivery } from '../persistence/system/delivery-queue.js';
import { SETTINGS } from '../settings.module.js';
import { deliver } from './deliver.js';

/** Deliveries that one gateway has under way: bounds sockets and memory. */
const CONCURRENCY = 32;
/** Of these, those to one webhook. */
const PER_WEBHOOK = 4;
const POLL_MS = 250;
const RETRY_MS = 1_000;

/** Takes deliveries that are due and posts them, in every gateway at once. */
@Injectable()
export class WebhookSender implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly stopping = new AbortController();
  private readonly underWay = new Map<Promise<void>, string>();
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly queue: DeliveryQueue,
    private readonly guard: AddressGuard,
    @Inject(SETTINGS) private readonly settings: GatewaySettings,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.running = this.run();
  }

  /** Takes no more, and ends what is under way. */
  async onModuleDestroy(): Promise<void> {
    this.stopping.abort();
    await this.running;
    await Promise.all(this.underWay.keys());
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    let isWell = true;
    while (!signal.aborted) {
      let pauseMs = POLL_MS;
      try {
        const due = await this.queue.take(CONCURRENCY - this.underWay.size, PER_WEBHOOK, this.busy());
        for (const delivery of due) this.begin(delivery);
        isWell = true;
        if (this.underWay.size >= CONCURRENCY) await Promise.race(this.underWay.keys());
        else if (due.length > 0) pauseMs = POLL_MS / 10;
      } catch (error) {
        if (isWell) this.logger.warn({ err: error }, 'Webhooks wait for the database');
        isWell = false;
        pauseMs = RETRY_MS;
      }
      await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
    }
  }

  private busy(): string[] {
    const webhooks = [...this.underWay.values()];
    return [...new Set(webhooks)].filter(
      (id) => webhooks.filter((other) => other === id).length >= PER_WEBHOOK,
    );
  }

  private begin(delivery: DueDelivery): void {
    const work: Promise<void> = this.send(delivery).finally(() => this.underWay.delete(work));
    this.underWay.set(work, delivery.webhookId);
  }

  private async send(delivery: DueDelivery): Promise<void> {
    const { webhookTimeoutMs: timeoutMs, webhookFirstRetryMs: firstRetryMs } = this.settings;
    const about = { webhookId: delivery.webhookId, deliveryId: delivery.id };
    try {
      const settlement = await deliver(delivery, this.guard, { timeoutMs, firstRetryMs });
      const isDisabled = await this.queue.settle(delivery, settlement);
      if (isDisabled) this.logger.warn({ ...about, reason: settlement.disable }, 'A webhook was disabled');
    } catch (error) {
      this.logger.warn(
        { ...about, err: error },
        'What became of a delivery could not be noted; it is sent again',
      );
    }
  }
}
