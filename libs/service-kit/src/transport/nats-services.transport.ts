import type { Capability } from '@ganglion/contracts/capability';
import { toContractDocument } from '@ganglion/contracts/contract-document';
import { contractDigest } from '@ganglion/contracts/digest';
import {
  ANNOUNCE_SUBJECT,
  cancelSubject,
  CONTRACT_DIGEST,
  contractSubject,
  operationSubject,
  QUEUE_GROUP,
} from '@ganglion/contracts/wire';
import type { NatsConnection, Subscription } from '@nats-io/nats-core';
import { Svcm, type Service } from '@nats-io/services';
import { Server, type CustomTransportStrategy, type MessageHandler } from '@nestjs/microservices';
import { firstValueFrom } from 'rxjs';
import { encode } from '../codec.js';
import { CAPABILITY } from '../handles.js';
import { JobWorker, type JobOperation } from '../jobs/job-worker.js';
import type { Kit } from '../kit.js';
import type { Call } from '../serve/serve-call.js';
import { CallReceiver, type IncomingMessage } from './call-receiver.js';
import { InFlightCalls } from './in-flight-calls.js';

/** A gateway that stops as well hears nothing of jobs any more: their leases bring them back. */
const TELL_ENDS_WITHIN_MS = 2_000;

/**
 * Serves Nest's message handlers by the NATS Services protocol: every capability is an endpoint of one service, so
 * gateways, `nats micro ls` and `nats micro stats` see it, and each instance can also be called by its id.
 */
export class NatsServicesTransport extends Server implements CustomTransportStrategy {
  private readonly calls: InFlightCalls;
  private readonly receiver: CallReceiver;
  private cancellations: Subscription | undefined;
  private service: Service | undefined;
  private worker: JobWorker | undefined;

  constructor(private readonly kit: Kit) {
    super();
    this.calls = new InFlightCalls(kit.maxInFlight);
    this.receiver = new CallReceiver(kit, this.calls);
    kit.metrics.countInFlight('nats', () => this.calls.size);
  }

  override on(): never {
    throw new Error('This transport has no events of its own.');
  }

  override unwrap<T>(): T {
    return this.kit.nats as T;
  }

  override async listen(callback: (error?: unknown) => void): Promise<void> {
    try {
      const operations = this.operations();
      await this.register(operations);
      this.startWorker(operations);
      callback();
    } catch (error) {
      callback(error);
    }
  }

  /** Takes no more calls, and waits for those in flight. */
  override async close(): Promise<void> {
    if (this.service === undefined) return;
    this.worker?.stop();
    await this.service.stop();
    this.announce();
    await this.kit.nats.flush();
    const isIdle = await this.calls.drain(this.kit.drainMs);
    this.cancellations?.unsubscribe();
    if (!isIdle) {
      this.kit.logger.warn({ inFlight: this.calls.size }, 'Calls were cut off: the drain took too long');
      this.calls.cutOff();
    }
    await this.worker?.idle(TELL_ENDS_WITHIN_MS);
    this.service = undefined;
  }

  /** Only where there is something that can run as a job. */
  private startWorker(operations: readonly JobOperation[]): void {
    const runnable = operations.filter(({ capability }) => capability.job !== null);
    if (runnable.length === 0) return;
    const byName = new Map(runnable.map((operation) => [operation.capability.operation, operation]));
    this.worker = new JobWorker(this.kit, this.calls, byName);
    this.worker.start();
  }

  private operations(): JobOperation[] {
    return [...this.messageHandlers.values()].map((handler) => {
      const capability = handler.extras?.[CAPABILITY] as Capability | undefined;
      if (capability === undefined) throw new Error('A message handler lacks @Handles(capability).');
      return { capability, handler: toPromise(this, handler) };
    });
  }

  private async register(operations: readonly JobOperation[]): Promise<void> {
    const { identity, nats } = this.kit;
    const contract = toContractDocument(
      identity,
      operations.map(({ capability }) => capability),
    );
    const service = await new Svcm(nats).add({
      name: identity.name,
      version: identity.version,
      description: identity.summary,
      queue: QUEUE_GROUP,
      metadata: { [CONTRACT_DIGEST]: contractDigest(contract) },
    });
    const document = encode(contract);
    service.addEndpoint('contract', {
      subject: contractSubject(identity.name),
      handler: (_error, message) => message.respond(document),
    });
    for (const operation of operations) this.addOperation(service, operation);
    this.cancellations = this.hearCancellations(nats);
    this.service = service;
    this.announce();
    await nats.flush();
  }

  private addOperation(service: Service, { capability, handler: callHandler }: JobOperation): void {
    const { service: name, operation } = capability;
    const endpoint = operation.replaceAll('.', '_');
    const handler = (_error: Error | null, message: IncomingMessage): void =>
      void this.receiver.receive(capability, callHandler, message);
    service.addEndpoint(endpoint, { subject: operationSubject(name, operation), handler });
    // Two underscores: no operation's name has them.
    const direct = operationSubject(name, operation, service.info().id);
    service.addEndpoint(`${endpoint}__direct`, { subject: direct, handler });
  }

  private hearCancellations(nats: NatsConnection): Subscription {
    const prefix = cancelSubject('');
    return nats.subscribe(cancelSubject('*'), {
      callback: (error, message) => {
        if (!error) this.calls.cancel(message.subject.slice(prefix.length));
      },
    });
  }

  private announce(): void {
    this.kit.nats.publish(ANNOUNCE_SUBJECT, encode({ service: this.kit.identity.name }));
  }
}

function toPromise(server: Server, handler: MessageHandler): Call['handler'] {
  return async (input, context) =>
    firstValueFrom(server.transformToObservable<unknown>(await handler(input, context)), {
      defaultValue: undefined,
    });
}
