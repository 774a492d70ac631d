import type { Actor } from '@ganglion/contracts/access';
import { ServiceError } from '@ganglion/contracts/errors';
import { cancelSubject, ERROR_HEADERS, inlineLimit } from '@ganglion/contracts/wire';
import type { BlobStore } from '@ganglion/persistence';
import { packBody, parseBlobRef, type PackedBody } from '@ganglion/service-kit/message-body';
import {
  isNoResponders,
  readReply,
  sendPacked,
  type OperationReply,
  type OperationRequest,
} from '@ganglion/service-kit/operation-request';
import type { Msg, NatsConnection } from '@nats-io/nats-core';
import type { Instance, ServiceRegistry } from '../discovery/service-registry.js';
import type { Operation } from '../routes/operation.js';
import { Admission } from './admission.js';
import { hedge } from './hedge.js';
import type { NatsLink } from './nats-link.js';
import { pickInstance } from './pick-instance.js';

/** For whom a call is made, and how long they wait. */
export interface CallOrigin {
  readonly tenant: string;
  readonly requestId: string;
  readonly predictionId: string;
  readonly keyId: string;
  /** For what is more than a mere call. */
  readonly actor: Actor | undefined;
  readonly traceparent: string | undefined;
  /** Whom the input is about. */
  readonly subject: string | undefined;
  /** The model that the client asks for, for the service to find or refuse. */
  readonly model: string | undefined;
  /** In milliseconds of `performance.now()`. */
  readonly deadline: number;
}

export interface OperationCallsOptions {
  readonly nats: NatsConnection;
  readonly link: NatsLink;
  readonly registry: ServiceRegistry;
  readonly blobs: BlobStore;
  /** After how much silence a call that may be retried goes to a second instance. */
  readonly retryAfterSilenceMs: number;
  /** Calls that an instance answers at the same time. */
  readonly maxInFlight: number;
}

/** Of a call's deadline, the most that passes before a silent instance is given up. */
const SILENT_SHARE = 0.25;

/** Sends calls to services: each by name to the instance with the fewest calls, a silent one's once more to another. */
export class OperationCalls {
  private turn = 0;
  private readonly admission: Admission;

  constructor(private readonly options: OperationCallsOptions) {
    this.admission = new Admission(options.registry, options.maxInFlight);
  }

  /** The most bytes of a body that travel inside a message. */
  get inlineBytes(): number {
    return inlineLimit(this.options.nats.info?.max_payload ?? Number.POSITIVE_INFINITY);
  }

  /** @throws ServiceError `overloaded`, before anything of the call is read. */
  admit({ service }: Operation): void {
    this.admission.admit(service);
  }

  /** @throws ServiceError what the service answered; `unavailable`, `deadline_exceeded` or `bad_reply`. */
  async call(operation: Operation, input: unknown, origin: CallOrigin): Promise<OperationReply> {
    const { blobs, link } = this.options;
    if (!link.isConnected) throw new ServiceError('unavailable', 'NATS is away.', { retryAfterMs: 1_000 });
    const place = { tenant: origin.tenant, blobs };
    const packed = await packBody(input, this.inlineBytes, place).catch(refuseDepth);
    try {
      const reply = await this.send(operation, packed, origin);
      const isErrorReply = reply.headers?.has(ERROR_HEADERS.code) ?? false;
      return await readReply(reply, blobs, origin.tenant).catch(distrustUnless(isErrorReply));
    } finally {
      if (packed.ref !== undefined) await blobs.release(origin.tenant, parseBlobRef(packed.ref));
    }
  }

  /** Tells whoever works for a request that nobody waits for it any more. */
  cancel(requestId: string): void {
    if (this.options.link.isConnected) this.options.nats.publish(cancelSubject(requestId));
  }

  private async send(operation: Operation, packed: PackedBody, origin: CallOrigin): Promise<Msg> {
    const instances = this.options.registry.instancesOf(operation.service);
    const first = pickInstance(instances, this.turn++);
    const request = { ...origin, service: operation.service, operation: operation.capability.operation };
    const answered = this.sendTo(first, request, packed);
    if (!operation.capability.retrySafe || instances.length < 2) return answered;

    let isHedged = false;
    const second = (): Promise<Msg> => {
      isHedged = true;
      return this.sendTo(pickInstance(instances, this.turn++, first), request, packed);
    };
    try {
      return await hedge(answered, second, this.silenceMs(origin));
    } finally {
      if (isHedged) this.cancel(origin.requestId);
    }
  }

  private silenceMs({ deadline }: CallOrigin): number {
    return Math.min(this.options.retryAfterSilenceMs, (deadline - performance.now()) * SILENT_SHARE);
  }

  /** An instance that has just gone, or none that is known: whoever is in the queue group. */
  private async sendTo(
    instance: Instance | undefined,
    request: Omit<OperationRequest, 'timeoutMs'> & CallOrigin,
    packed: PackedBody,
  ): Promise<Msg> {
    const send = (id?: string): Promise<Msg> => {
      const timeoutMs = request.deadline - performance.now();
      return sendPacked(this.options.nats, { ...request, instance: id, timeoutMs }, packed);
    };
    if (instance === undefined) return send();
    instance.callsInFlight += 1;
    try {
      return await send(instance.id);
    } catch (error) {
      if (!(error instanceof ServiceError) || !isNoResponders(error.cause)) throw error;
      this.options.registry.drop(instance);
      return await send();
    } finally {
      instance.callsInFlight -= 1;
    }
  }
}

/** The stack ends before the nesting does. */
function refuseDepth(error: unknown): never {
  if (!(error instanceof RangeError)) throw error;
  throw new ServiceError('malformed_request', 'The input is nested too deeply.', { cause: error });
}

/** An error that the service told is the caller's to know; a reply that cannot be read is not the caller's doing. */
function distrustUnless(isErrorReply: boolean): (error: unknown) => never {
  return (error) => {
    if (isErrorReply && error instanceof ServiceError) throw error;
    throw new ServiceError('bad_reply', 'The service gave an answer that cannot be read.', { cause: error });
  };
}
