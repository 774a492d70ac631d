import type { Capability } from '@ganglion/contracts/capability';
import { ServiceError, toProblem } from '@ganglion/contracts/errors';
import { DATA_SUBJECT, ERROR_HEADERS, HEADERS, inlineLimit, TENANT_NAME } from '@ganglion/contracts/wire';
import { headers, type MsgHdrs } from '@nats-io/nats-core';
import type { ServiceMsg } from '@nats-io/services';
import { contextFromHeaders, remainingMs, type CallContext } from '../call-context.js';
import { encode } from '../codec.js';
import { endOfTurn } from '../end-of-turn.js';
import type { Kit } from '../kit.js';
import { packBody, unpackBody } from '../message-body.js';
import { serveCall, type Call } from '../serve/serve-call.js';
import type { InFlightCalls } from './in-flight-calls.js';

/** What of a NATS message the receiver needs; the Services protocol's and a plain subscription's messages both fit. */
export type IncomingMessage = Pick<ServiceMsg, 'data' | 'headers' | 'respond'>;

/** Answers the calls of one service: each message gets exactly one reply, before its deadline is over. */
export class CallReceiver {
  constructor(
    private readonly kit: Kit,
    private readonly calls: InFlightCalls,
  ) {}

  async receive(capability: Capability, handler: Call['handler'], message: IncomingMessage): Promise<void> {
    const started = performance.now();
    let code = 'ok';
    try {
      await this.answer(capability, handler, message);
    } catch (error) {
      code = this.replyError(error, capability, message);
    }
    const { operation } = capability;
    this.kit.metrics.calls.inc({ operation, code });
    this.kit.metrics.callSeconds.observe({ operation }, (performance.now() - started) / 1_000);
  }

  private async answer(
    capability: Capability,
    handler: Call['handler'],
    message: IncomingMessage,
  ): Promise<void> {
    const deadlineMs = remainingMs(message.headers, capability.deadlineMs);
    const requestId = message.headers?.get(HEADERS.requestId) ?? '';
    const call = this.calls.begin(requestId, deadlineMs);
    try {
      const context = contextFromHeaders(message.headers, { deadlineMs, signal: call.signal });
      const work: (() => void)[] = [];
      const incoming = { message, afterReply: (later: () => void) => void work.push(later) };
      const result = await call.untilAborted(this.serve(capability, handler, context, incoming));
      await this.reply(result, context, message);
      for (const later of work) later();
      for (const [stage, ms] of context.timing.entries()) {
        this.kit.metrics.stageSeconds.observe({ operation: capability.operation, stage }, ms / 1_000);
      }
    } finally {
      this.calls.end(call);
    }
  }

  private async serve(
    capability: Capability,
    handler: Call['handler'],
    context: CallContext,
    { message, afterReply }: { readonly message: IncomingMessage } & Pick<Call, 'afterReply'>,
  ): Promise<unknown> {
    const { tenant } = context;
    if (!TENANT_NAME.test(tenant))
      throw new ServiceError('malformed_request', 'The tenant header does not name a tenant.');
    if (context.subject !== undefined && !DATA_SUBJECT.test(context.subject)) {
      throw new ServiceError('malformed_request', `${HEADERS.subject} does not name a data subject.`);
    }
    const ref = message.headers?.get(HEADERS.bodyRef) || undefined;
    const body = await unpackBody({ data: message.data, ref }, { tenant, blobs: this.kit.blobs });
    const onItemError = (error: unknown): void => this.logUnknown(error, context.requestId);
    const bytes = ref === undefined ? message.data : undefined;
    return serveCall({ capability, handler, context, body, bytes, onItemError, afterReply }, this.kit.ledger);
  }

  private async reply(result: unknown, context: CallContext, message: IncomingMessage): Promise<void> {
    const limitBytes = inlineLimit(this.kit.nats.info?.max_payload ?? Number.POSITIVE_INFINITY);
    const packed = await packBody(result ?? null, limitBytes, {
      tenant: context.tenant,
      blobs: this.kit.blobs,
    });
    const replyHeaders = headers();
    replyHeaders.set(HEADERS.serverTiming, context.timing.toServerTiming());
    if (packed.ref !== undefined) replyHeaders.set(HEADERS.bodyRef, packed.ref);
    await endOfTurn();
    message.respond(packed.data, { headers: replyHeaders });
  }

  /** @returns the code of the error, for the metrics. */
  private replyError(error: unknown, capability: Capability, message: IncomingMessage): string {
    const requestId = message.headers?.get(HEADERS.requestId) || undefined;
    this.logUnknown(error, requestId, capability.operation);
    const problem = toProblem(error, requestId);
    message.respond(encode(problem), { headers: errorHeaders(problem.status, problem.title) });
    return problem.code;
  }

  /** An error that nobody declared is a defect: the caller gets `internal`, the log gets the rest. */
  private logUnknown(error: unknown, requestId: string | undefined, operation?: string): void {
    if (error instanceof ServiceError && error.code !== 'internal') return;
    this.kit.logger.error({ err: error, requestId, operation }, 'A call ended in an unexpected error');
  }
}

function errorHeaders(status: number, title: string): MsgHdrs {
  const replyHeaders = headers();
  replyHeaders.set(ERROR_HEADERS.code, String(status));
  replyHeaders.set(ERROR_HEADERS.title, title);
  return replyHeaders;
}
