import { setTimeout as sleep } from 'node:timers/promises';
import type { ContractDocument } from '@ganglion/contracts/contract-document';
import { contractDigest } from '@ganglion/contracts/digest';
import { ANNOUNCE_SUBJECT, CONTRACT_DIGEST, contractSubject } from '@ganglion/contracts/wire';
import { decode } from '@ganglion/service-kit/codec';
import type { Logger } from '@ganglion/service-kit/logger';
import type { NatsConnection, Subscription } from '@nats-io/nats-core';
import { Svcm, type ServiceIdentity } from '@nats-io/services';
import type { NatsLink } from '../call/nats-link.js';
import type { InstanceIdentity, ServiceRegistry } from './service-registry.js';

/** A round ends when nobody has answered for that long. */
const STALL_MS = 300;
const CONTRACT_TIMEOUT_MS = 2_000;
/** The queue group picks who answers, which may be an instance of another release than the one that is asked about. */
const CONTRACT_ATTEMPTS = 5;

export interface DiscoveryOptions {
  readonly nats: NatsConnection;
  readonly link: NatsLink;
  readonly registry: ServiceRegistry;
  readonly intervalMs: number;
  readonly logger: Logger;
}

/**
 * Keeps the registry true: asks around by the NATS Services protocol at an interval, and at once when somebody comes or
 * goes.
 */
export class Discovery {
  private readonly announcements: Subscription;
  private readonly looking: Promise<void>;
  private announced = Promise.resolve();
  private announce: () => void = () => undefined;
  private isStopped = false;

  private constructor(private readonly options: DiscoveryOptions) {
    this.announcements = options.nats.subscribe(ANNOUNCE_SUBJECT, { callback: () => this.announce() });
    this.looking = this.keepLooking();
  }

  /** Looks around once, then goes on by itself. */
  static async start(options: DiscoveryOptions): Promise<Discovery> {
    const discovery = new Discovery(options);
    await discovery.lookAround();
    return discovery;
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    this.announcements.unsubscribe();
    this.announce();
    await this.looking;
  }

  private async keepLooking(): Promise<void> {
    this.expectAnnouncement();
    while (!this.isStopped) {
      await Promise.race([sleep(this.options.intervalMs, undefined, { ref: false }), this.announced]);
      this.expectAnnouncement();
      if (!this.isStopped) await this.lookAround();
    }
  }

  /** From here on an announcement ends the next wait, also when it comes while a round goes on. */
  private expectAnnouncement(): void {
    this.announced = new Promise((resolve) => (this.announce = resolve));
  }

  /** While NATS is away nobody can answer, so nobody has missed the round. */
  private async lookAround(): Promise<void> {
    const { nats, link, registry, intervalMs, logger } = this.options;
    if (!link.isConnected) return;
    const seen = new Set<string>();
    const fetched = new Map<string, Promise<void>>();
    try {
      const client = new Svcm(nats).client({ strategy: 'stall', maxWait: intervalMs, stall: STALL_MS });
      for await (const identity of await client.ping()) {
        const instance = toInstanceIdentity(identity);
        if (instance === undefined) continue;
        seen.add(instance.id);
        const isKnown = registry.sight(instance);
        if (!isKnown && !fetched.has(instance.digest))
          fetched.set(instance.digest, this.fetchContract(instance));
      }
      await Promise.all(fetched.values());
    } catch (error) {
      logger.debug({ err: error }, 'Nobody answered the look around');
    }
    if (link.isConnected) registry.endRound(seen);
  }

  private async fetchContract(instance: InstanceIdentity): Promise<void> {
    const { digest, service } = instance;
    try {
      const { version } = await this.requestContract(instance);
      this.options.logger.info({ service, version, digest }, 'Found a contract');
    } catch (error) {
      this.options.logger.warn(
        { err: error, service, digest },
        'Could not fetch a contract; it is tried again',
      );
    }
  }

  private async requestContract({ digest, service }: InstanceIdentity): Promise<ContractDocument> {
    const { nats, registry } = this.options;
    for (let attempt = 0; attempt < CONTRACT_ATTEMPTS; attempt++) {
      const reply = await nats.request(contractSubject(service), '', { timeout: CONTRACT_TIMEOUT_MS });
      const document = decode(reply.data) as ContractDocument;
      const found = contractDigest(document);
      registry.addContract(found, document);
      if (found === digest) return document;
    }
    throw new Error('No instance answered with the contract of that digest.');
  }
}

/** @returns undefined for a service that is not of Ganglion. */
function toInstanceIdentity({ id, name, version, metadata }: ServiceIdentity): InstanceIdentity | undefined {
  const digest = metadata?.[CONTRACT_DIGEST];
  return digest === undefined ? undefined : { id, service: name, version, digest };
}
