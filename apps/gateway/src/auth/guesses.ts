import { ServiceError } from '@ganglion/contracts/errors';
import { RecentMap } from './recent-map.js';

const WINDOW_MS = 60_000;
/** More than any client mistakes in a minute, fewer than the control plane would notice. */
const MAX_IN_WINDOW = 300;
const MAX_ADDRESSES = 10_000;

interface Window {
  readonly endsAtMs: number;
  count: number;
}

/** How many unknown keys came from where lately: no address can make the control plane look up keys without end. */
export class Guesses {
  private readonly windows = new RecentMap<Window>(MAX_ADDRESSES);

  constructor(private readonly now: () => number) {}

  note(address: string): void {
    const now = this.now();
    const window = this.windows.get(address);
    if (window !== undefined && now < window.endsAtMs) window.count += 1;
    else this.windows.set(address, { endsAtMs: now + WINDOW_MS, count: 1 });
  }

  /** @throws ServiceError `rate_limited` when there were too many. A key that is known already is never held up. */
  refuseTooMany(address: string): void {
    const window = this.windows.get(address);
    const now = this.now();
    if (window === undefined || now >= window.endsAtMs || window.count < MAX_IN_WINDOW) return;
    const detail = 'Too many unknown keys came from this address: no new one is looked up for a moment.';
    throw new ServiceError('rate_limited', detail, { retryAfterMs: window.endsAtMs - now });
  }
}
