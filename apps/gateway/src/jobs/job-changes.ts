import { setTimeout as sleep } from 'node:timers/promises';
import { cancelSubject, jobChangeSubject } from '@ganglion/contracts/wire';
import { NATS } from '@ganglion/service-kit/tokens';
import type { NatsConnection, Subscription } from '@nats-io/nats-core';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';

/** A change that nobody was told of, for NATS was away, is seen by then. */
const LOOK_EVERY_MS = 2_000;

/** Tells every gateway that something of a job changed, and wakes those who wait for it. */
@Injectable()
export class JobChanges implements OnApplicationShutdown {
  private readonly waiting = new Map<string, Set<() => void>>();
  private readonly heard: Subscription;

  constructor(@Inject(NATS) private readonly nats: NatsConnection) {
    const prefix = jobChangeSubject('');
    this.heard = nats.subscribe(jobChangeSubject('*'), {
      callback: (error, { subject }) => {
        if (!error) for (const wake of this.waiting.get(subject.slice(prefix.length)) ?? []) wake();
      },
    });
  }

  onApplicationShutdown(): void {
    this.heard.unsubscribe();
  }

  announce(id: string): void {
    if (!this.nats.isClosed()) this.nats.publish(jobChangeSubject(id));
  }

  /** Asks whoever runs a job to stop; should this get lost, the next sign of life tells them. */
  cancelRun(id: string): void {
    if (!this.nats.isClosed()) this.nats.publish(cancelSubject(id));
  }

  /**
   * Looks at a job at once and after each change, until `look` finds what it looks for, the time is over or the signal
   * is aborted.
   *
   * @param deadline In milliseconds of `performance.now()`.
   * @returns what the last look gave.
   */
  async until<T>(
    id: string,
    look: () => Promise<{ readonly isFound: boolean; readonly value: T }>,
    deadline: number,
    signal: AbortSignal,
  ): Promise<T> {
    for (;;) {
      const changed = this.nextChange(id);
      try {
        const { isFound, value } = await look();
        const leftMs = deadline - performance.now();
        if (isFound || leftMs <= 0 || signal.aborted) return value;
        await Promise.race([changed.promise, pause(Math.min(leftMs, LOOK_EVERY_MS), signal)]);
      } finally {
        changed.forget();
      }
    }
  }

  private nextChange(id: string): { readonly promise: Promise<void>; forget(): void } {
    let wake = (): void => undefined;
    const promise = new Promise<void>((resolve) => (wake = resolve));
    const wakers = this.waiting.get(id) ?? new Set();
    this.waiting.set(id, wakers.add(wake));
    const forget = (): void => {
      wakers.delete(wake);
      if (wakers.size === 0 && this.waiting.get(id) === wakers) this.waiting.delete(id);
    };
    return { promise, forget };
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}
