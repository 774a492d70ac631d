import { createInbox, errors, type Msg, type MsgHdrs, type NatsConnection } from '@nats-io/nats-core';

export interface RequestOptions {
  readonly timeoutMs: number;
  readonly headers?: MsgHdrs;
}

/** Who waits for a reply. */
interface Waiting {
  readonly subject: string;
  readonly timer: NodeJS.Timeout;
  resolve(reply: Msg): void;
  reject(error: Error): void;
}

/**
 * Sends a request and waits for its one reply. The client's own `request` makes an error, with its stack, for each
 * request, answered or not: 6 % of the gateway's time.
 *
 * @throws NoRespondersError, TimeoutError, ClosedConnectionError, or what the client says of a message that it does not
 *   send.
 */
export function requestOverNats(
  nats: NatsConnection,
  subject: string,
  data: Uint8Array,
  options: RequestOptions,
): Promise<Msg> {
  let inbox = inboxes.get(nats);
  if (inbox === undefined) inboxes.set(nats, (inbox = new ReplyInbox(nats)));
  return inbox.request(subject, data, options);
}

const inboxes = new WeakMap<NatsConnection, ReplyInbox>();

/** One subscription for the replies to all requests of a connection. */
class ReplyInbox {
  private readonly prefix = `${createInbox()}.`;
  private readonly waiting = new Map<string, Waiting>();
  private requests = 0;

  constructor(private readonly nats: NatsConnection) {
    const subscription = nats.subscribe(`${this.prefix}*`, {
      callback: (error, message) => {
        if (!error) this.settle(message);
      },
    });
    void subscription.closed.then(() => this.close());
  }

  request(subject: string, data: Uint8Array, { timeoutMs, headers }: RequestOptions): Promise<Msg> {
    const token = (this.requests++).toString(36);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.take(token)?.reject(new errors.TimeoutError()), timeoutMs);
      this.waiting.set(token, { subject, timer, resolve, reject });
      try {
        this.nats.publish(subject, data, { reply: this.prefix + token, ...(headers && { headers }) });
      } catch (error) {
        this.take(token)?.reject(error as Error);
      }
    });
  }

  private settle(reply: Msg): void {
    const request = this.take(reply.subject.slice(this.prefix.length));
    if (request === undefined) return;
    const isUnheard = reply.data.length === 0 && reply.headers?.code === 503;
    if (isUnheard) request.reject(new errors.NoRespondersError(request.subject));
    else request.resolve(reply);
  }

  private take(token: string): Waiting | undefined {
    const request = this.waiting.get(token);
    if (request === undefined) return undefined;
    this.waiting.delete(token);
    clearTimeout(request.timer);
    return request;
  }

  private close(): void {
    inboxes.delete(this.nats);
    for (const token of [...this.waiting.keys()])
      this.take(token)?.reject(new errors.ClosedConnectionError());
  }
}
