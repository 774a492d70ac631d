import type { SlotOfInstance, SlotVersion } from '@ganglion/contracts/slots';
import type { FoundManifest } from '@ganglion/inference';
import type { Logger } from '../../logger.js';
import type { ModelCatalogue } from './model-catalogue.js';
import type { RoutedVersion, Slot } from './slot.js';
import type { SlotMetrics } from './slot-metrics.js';
import { referenceOf, SlotVersionHolder, type LoadUseCase, type ModelLoader } from './slot-version.js';

/** How long a version that failed is left alone: what it lacks may be there by then. */
const RETRY_MS = 30_000;
/** How long a version may take to find room and load; the next change of its slot waits for it. */
const LOAD_MS = 600_000;

export interface RolloutOptions<UseCase> {
  readonly slot: Slot<UseCase>;
  readonly loadUseCase: LoadUseCase<UseCase>;
  readonly loader: ModelLoader;
  /** Read anew each time: a manifest may have come since. */
  readonly catalogue: () => Promise<ModelCatalogue>;
  readonly metrics: SlotMetrics;
  readonly logger: Logger;
  readonly isPart: boolean;
}

type Failure = SlotVersion & { readonly reason: string };

/** Brings a slot to what it should use: new versions are loaded and proved before traffic moves, old ones drain. */
export class Rollout<UseCase> {
  private readonly draining = new Map<SlotVersionHolder<UseCase>, RoutedVersion<UseCase>>();
  private loading: readonly SlotVersion[] = [];
  private failures: readonly Failure[] = [];
  private problem: string | undefined;
  /** What was tried last, as JSON, and until when it need not be tried again. */
  private tried = { wanted: '', until: 0 };
  private turn: Promise<void> = Promise.resolve();

  constructor(private readonly options: RolloutOptions<UseCase>) {}

  /**
   * The first versions, before anybody asks.
   *
   * @param wanted `null` for the default of the manifests, which stands in for a production version that fails as well.
   * @param isLazy Whether the first call loads them.
   * @throws ServiceError model_unavailable when the default fails.
   */
  async start(wanted: readonly SlotVersion[] | null, isLazy: boolean): Promise<void> {
    if (wanted === null) this.tried = { wanted: 'null', until: Infinity };
    else await this.apply(wanted, isLazy);
    if (this.options.slot.versions.length > 0) return;
    const catalogue = await this.options.catalogue();
    const found = catalogue.defaultOf(this.options.slot.name);
    const holder = this.hold(found);
    if (!isLazy) await holder.load({ deadline: performance.now() + LOAD_MS });
    this.options.slot.route([{ model: holder.reference, role: 'production', weight: 100, holder }]);
  }

  /**
   * Moves the slot to other versions, unless it was tried just now. Where production fails nothing changes; a canary or
   * a shadow that fails is left out, and production takes its share.
   *
   * @param wanted `null` for the default of the manifests.
   */
  apply(wanted: readonly SlotVersion[] | null, isLazy = false): Promise<void> {
    const applied = this.turn.then(() => this.applyNow(wanted, isLazy));
    this.turn = applied;
    return applied;
  }

  /** What this instance makes of the slot. */
  state(instance: string): SlotOfInstance {
    const { versions } = this.options.slot;
    const plain = ({ model, digest, role, weight }: SlotVersion): SlotVersion => ({
      model,
      ...(digest !== undefined && { digest }),
      role,
      weight,
    });
    return {
      instance,
      ...(this.problem !== undefined && { problem: this.problem }),
      versions: [
        ...versions.map((version) => ({ ...plain(version), state: version.holder.state })),
        ...this.loading.map((version) => ({ ...plain(version), state: 'loading' as const })),
        ...this.failures.map(({ reason, ...version }) => ({
          ...plain(version),
          state: 'failed' as const,
          reason,
        })),
        ...[...this.draining.values()].map((version) => ({
          ...plain(version),
          weight: 0,
          state: 'draining' as const,
        })),
      ],
    };
  }

  /** Ends every version, once what it has begun is answered. */
  async close(): Promise<void> {
    const { slot } = this.options;
    await Promise.all(slot.versions.map(({ holder }) => holder.retire()));
  }

  private async applyNow(asked: readonly SlotVersion[] | null, isLazy: boolean): Promise<void> {
    const key = JSON.stringify(asked);
    if (key === this.tried.wanted && performance.now() < this.tried.until) return;
    this.failures = [];
    this.problem = undefined;
    try {
      const catalogue = await this.options.catalogue();
      await this.move(asked ?? [this.byDefault(catalogue)], catalogue, isLazy);
    } catch (error) {
      this.problem = messageOf(error);
      this.options.logger.error(
        { slot: this.options.slot.name, problem: this.problem },
        'A slot was not moved',
      );
    }
    this.loading = [];
    const isDone = this.problem === undefined && this.failures.length === 0;
    this.tried = { wanted: key, until: isDone ? Infinity : performance.now() + RETRY_MS };
  }

  private byDefault(catalogue: ModelCatalogue): SlotVersion {
    const { manifest } = catalogue.defaultOf(this.options.slot.name);
    return { model: referenceOf(manifest), role: 'production', weight: 100 };
  }

  /** @throws Error when the production version can't be had. */
  private async move(
    wanted: readonly SlotVersion[],
    catalogue: ModelCatalogue,
    isLazy: boolean,
  ): Promise<void> {
    const { slot, logger } = this.options;
    const held = new Map(slot.versions.map((version) => [version.model, version.holder]));
    this.loading = wanted.filter(({ model }) => !held.has(model));
    const opened = await Promise.all(
      wanted.map((version) => this.open(version, held.get(version.model), catalogue, isLazy)),
    );
    const routed = opened.flatMap((version) => (version === undefined ? [] : [version]));
    if (!routed.some(({ role }) => role === 'production')) {
      await Promise.all(routed.map(({ model, holder }) => (held.has(model) ? undefined : holder.retire())));
      throw new Error(
        this.failures.find(({ role }) => role === 'production')?.reason ?? 'No production version.',
      );
    }
    const left = slot.versions.filter(({ model }) => !routed.some((version) => version.model === model));
    slot.route(routed);
    for (const version of left) this.drain(version);
    logger.info(
      { slot: slot.name, versions: routed.map(({ model, role, weight }) => `${role} ${model} ${weight} %`) },
      'A slot was moved',
    );
  }

  private async open(
    version: SlotVersion,
    held: SlotVersionHolder<UseCase> | undefined,
    catalogue: ModelCatalogue,
    isLazy: boolean,
  ): Promise<RoutedVersion<UseCase> | undefined> {
    const { slot, metrics, logger, isPart } = this.options;
    const { model } = version;
    try {
      if (isPart && version.role === 'shadow')
        throw new Error('Only the slot whose model an answer names can have a shadow.');
      const found = catalogue.find(slot.name, version);
      if (held !== undefined) return { ...version, holder: held };
      const holder = this.hold(found);
      if (!isLazy) await holder.load({ deadline: performance.now() + LOAD_MS });
      return { ...version, holder };
    } catch (error) {
      const reason = messageOf(error);
      this.failures = [...this.failures, { ...version, reason }];
      metrics.failures.inc({ slot: slot.name, model });
      logger.error({ slot: slot.name, model, role: version.role, reason }, 'A version failed');
      return undefined;
    } finally {
      this.loading = this.loading.filter((other) => other !== version);
    }
  }

  private hold(found: FoundManifest): SlotVersionHolder<UseCase> {
    return new SlotVersionHolder(found, this.options.loader, this.options.loadUseCase);
  }

  private drain(version: RoutedVersion<UseCase>): void {
    const { slot, logger } = this.options;
    const { holder, model } = version;
    this.draining.set(holder, version);
    holder
      .retire()
      .then(
        () => logger.info({ slot: slot.name, model }, 'A version was unloaded'),
        (error: unknown) =>
          logger.error({ slot: slot.name, model, err: error }, 'A version could not be unloaded'),
      )
      .finally(() => this.draining.delete(holder));
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
