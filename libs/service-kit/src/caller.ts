import type { Capability, InputOf, OutputOf } from '@ganglion/contracts/capability';
import { DEFAULT_TENANT } from '@ganglion/contracts/wire';
import type { BlobStore } from '@ganglion/persistence';
import type { NatsConnection } from '@nats-io/nats-core';
import { uuidv7 } from '@ganglion/contracts/uuidv7';
import type { CallContext } from './call-context.js';
import { requestOperation } from './operation-request.js';

/** What a call takes over from the call it is made for; a call made for nobody takes defaults. */
export type CallOrigin = Partial<
  Pick<CallContext, 'tenant' | 'requestId' | 'keyId' | 'actor' | 'traceparent' | 'subject' | 'deadline'>
>;

/** Calls other services by their contracts, with the tenant, deadline and trace of the call at hand. */
export class Caller {
  constructor(
    private readonly nats: NatsConnection,
    private readonly blobs: BlobStore,
  ) {}

  /**
   * @returns The operation's output; for one that predicts, its whole answer.
   * @throws ServiceError what the service answered, `unavailable` or `deadline_exceeded`.
   */
  async call<C extends Capability>(
    capability: C,
    input: InputOf<C>,
    origin: CallOrigin = {},
  ): Promise<OutputOf<C>> {
    const { tenant = DEFAULT_TENANT, requestId = uuidv7(), deadline = Infinity } = origin;
    const { keyId, actor, traceparent, subject } = origin;
    const { service, operation } = capability;
    const timeoutMs = Math.min(capability.deadlineMs, deadline - performance.now());
    const request = { service, operation, tenant, requestId, keyId, actor, traceparent, subject, timeoutMs };
    const reply = await requestOperation(this.nats, this.blobs, request, input);
    return reply.body as OutputOf<C>;
  }
}
