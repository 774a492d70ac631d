import { setMaxListeners } from 'node:events';
import type { ServerResponse } from 'node:http';
import { Injectable } from '@nestjs/common';
import { NatsLink } from '../call/nats-link.js';

/** Whether the gateway can serve. A service that is missing makes no gateway unready. */
@Injectable()
export class Readiness {
  private readonly drain = new AbortController();

  constructor(private readonly link: NatsLink) {
    // Every request that waits listens.
    setMaxListeners(0, this.drain.signal);
  }

  /** Aborted when a client hangs up or the gateway begins to stop: who only waits for something is answered then. */
  waitingSignal(response: ServerResponse): AbortSignal {
    const waiting = new AbortController();
    const end = (): void => waiting.abort();
    this.drain.signal.addEventListener('abort', end, { once: true });
    response.once('close', () => {
      this.drain.signal.removeEventListener('abort', end);
      end();
    });
    if (this.drain.signal.aborted) end();
    return waiting.signal;
  }

  get isReady(): boolean {
    return !this.drain.signal.aborted && this.link.isConnected;
  }

  /** Why it is not ready. */
  get reason(): string {
    return this.drain.signal.aborted ? 'The gateway is stopping.' : 'NATS is away.';
  }

  startDraining(): void {
    this.drain.abort();
  }
}
