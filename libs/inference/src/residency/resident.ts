import { ServiceError } from '@ganglion/contracts/errors';
import type { Patience } from '../runner/patience.js';
import type { Evictable, MemoryBudget } from './memory-budget.js';
import { waitWithin } from './wait-within.js';

/** How something is loaded and unloaded, and how much it takes. */
export interface Loadable<Value> {
  /** As messages name it: `minilm-sentiment@1.0.0`. */
  readonly name: string;
  readonly bytes: number;
  load(): Promise<Value>;
  /** Called while nobody uses it. */
  unload(value: Value): Promise<void>;
}

export type ResidentState = 'loading' | 'ready' | 'unloaded';

/** How many calls may wait for loads, over everything that shares a budget. */
export interface Holding {
  held: number;
  readonly maxHeld: number;
}

/** What callers are told to wait for a load that was never measured, and the least in any case. */
const UNMEASURED_MS = 1_000;
const LEAST_RETRY_MS = 100;
/** How long a load that failed is not tried again; doubled each time. */
const FIRST_BACKOFF_MS = 1_000;
const MAX_BACKOFF_MS = 30_000;

/** Something that is in memory while it is used, and as long after as the memory lasts. */
export class Resident<Value> implements Evictable {
  lastUsedAt = 0;
  private value: Value | undefined;
  private loading: Promise<Value> | undefined;
  private loadingSince = 0;
  private loadMs: number | undefined;
  private users = 0;
  private isRetired = false;
  private failure: { readonly error: ServiceError; readonly until: number } | undefined;
  private backoffMs = FIRST_BACKOFF_MS;
  private onIdle: () => void = () => {};

  constructor(
    private readonly loadable: Loadable<Value>,
    private readonly budget: MemoryBudget,
    private readonly holding: Holding,
  ) {}

  get bytes(): number {
    return this.loadable.bytes;
  }

  get state(): ResidentState {
    if (this.value !== undefined) return 'ready';
    return this.loading === undefined ? 'unloaded' : 'loading';
  }

  get isInUse(): boolean {
    return this.users > 0;
  }

  /**
   * Works with the value, which stays for that long. A call that needs it loaded is held up to its deadline.
   *
   * @throws ServiceError model_unavailable when it can't be loaded, or too many calls wait for loads already;
   *   deadline_exceeded or cancelled when the caller's patience ends while it is loaded.
   */
  async use<Result>(patience: Patience, work: (value: Value) => Promise<Result>): Promise<Result> {
    return this.whileUsed(async () => {
      const value = this.value ?? (await this.hold(patience));
      this.lastUsedAt = performance.now();
      return work(value);
    });
  }

  /** Loads it ahead of its first use, however many calls are held. @throws ServiceError as {@link use}. */
  load(patience: Patience = {}): Promise<void> {
    return this.whileUsed(async () => {
      if (this.value === undefined) await this.loaded(patience);
    });
  }

  /** Waits until nobody uses it, and unloads it for good; whoever has begun by then is still served. */
  async retire(): Promise<void> {
    this.isRetired = true;
    if (this.users > 0) await new Promise<void>((resolve) => (this.onIdle = resolve));
    await this.loading?.catch(() => {});
    await this.evict();
  }

  async evict(): Promise<void> {
    const { value } = this;
    if (value === undefined) return;
    this.value = undefined;
    try {
      await this.loadable.unload(value);
    } finally {
      this.budget.free(this.bytes, this);
    }
  }

  private async whileUsed<Result>(work: () => Promise<Result>): Promise<Result> {
    this.users += 1;
    try {
      return await work();
    } finally {
      this.users -= 1;
      if (this.users === 0) this.idle();
    }
  }

  private idle(): void {
    this.budget.changed();
    if (this.isRetired) this.onIdle();
  }

  /** Lets a call wait until it is loaded. */
  private async hold(patience: Patience): Promise<Value> {
    const { holding } = this;
    if (holding.held >= holding.maxHeld) {
      throw this.unavailable(`is being loaded, and ${holding.maxHeld} calls wait for models already.`);
    }
    holding.held += 1;
    try {
      return await this.loaded(patience);
    } finally {
      holding.held -= 1;
    }
  }

  private loaded(patience: Patience): Promise<Value> {
    if (this.failure !== undefined && performance.now() < this.failure.until) throw this.failure.error;
    this.loading ??= this.loadOnce().finally(() => (this.loading = undefined));
    return waitWithin(this.loading, patience);
  }

  private async loadOnce(): Promise<Value> {
    const { name } = this.loadable;
    if (this.bytes > this.budget.bytes) {
      const [needs, has] = [this.bytes, this.budget.bytes].map(toMegabytes);
      throw this.unavailable(
        `needs ${needs} MB of memory, more than all models together may take (${has} MB).`,
      );
    }
    this.loadingSince = performance.now();
    if (!(await this.budget.take(this.bytes, () => this.isInUse))) {
      throw this.unavailable('is no longer waited for.');
    }
    this.loadingSince = performance.now();
    try {
      this.value = await this.loadable.load();
    } catch (cause) {
      this.budget.free(this.bytes);
      throw this.noteFailure(cause, name);
    }
    this.loadMs = performance.now() - this.loadingSince;
    this.failure = undefined;
    this.backoffMs = FIRST_BACKOFF_MS;
    this.lastUsedAt = performance.now();
    this.budget.hold(this);
    return this.value;
  }

  private noteFailure(cause: unknown, name: string): ServiceError {
    const detail = cause instanceof ServiceError ? cause.message : `The model ${name} can't be loaded.`;
    const error = new ServiceError('model_unavailable', detail, { cause, retryAfterMs: this.backoffMs });
    this.failure = { error, until: performance.now() + this.backoffMs };
    this.backoffMs = Math.min(this.backoffMs * 2, MAX_BACKOFF_MS);
    return error;
  }

  private unavailable(why: string): ServiceError {
    return new ServiceError('model_unavailable', `The model ${this.loadable.name} ${why}`, {
      retryAfterMs: Math.ceil(this.expectedMs()),
    });
  }

  /** How long the load will still take, by what the last one took. */
  private expectedMs(): number {
    const elapsedMs = this.loading === undefined ? 0 : performance.now() - this.loadingSince;
    // One that was never measured takes about as long again as it has taken so far.
    if (this.loadMs === undefined) return Math.max(UNMEASURED_MS, elapsedMs);
    return Math.max(this.loadMs - elapsedMs, LEAST_RETRY_MS);
  }
}

function toMegabytes(bytes: number): number {
  return Math.ceil(bytes / 1024 ** 2);
}
