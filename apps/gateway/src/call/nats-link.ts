import { NATS } from '@ganglion/service-kit/tokens';
import type { NatsConnection } from '@nats-io/nats-core';
import { Inject, Injectable } from '@nestjs/common';

/**
 * Whether NATS is there at the moment. The client keeps what is sent meanwhile until it is back, so that a caller would
 * wait for its whole deadline: it is told at once instead.
 */
@Injectable()
export class NatsLink {
  private connected = true;

  constructor(@Inject(NATS) private readonly nats: NatsConnection) {
    void this.watch();
  }

  get isConnected(): boolean {
    return this.connected && !this.nats.isClosed();
  }

  private async watch(): Promise<void> {
    for await (const { type } of this.nats.status()) {
      if (type === 'disconnect') this.connected = false;
      else if (type === 'reconnect') this.connected = true;
    }
  }
}
