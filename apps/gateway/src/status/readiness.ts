import { Injectable } from '@nestjs/common';
import { NatsLink } from '../call/nats-link.js';

/** Whether the gateway can serve. A service that is missing makes no gateway unready. */
@Injectable()
export class Readiness {
  private isDraining = false;

  constructor(private readonly link: NatsLink) {}

  get isReady(): boolean {
    return !this.isDraining && this.link.isConnected;
  }

  /** Why it is not ready. */
  get reason(): string {
    return this.isDraining ? 'The gateway is stopping.' : 'NATS is away.';
  }

  startDraining(): void {
    this.isDraining = true;
  }
}
