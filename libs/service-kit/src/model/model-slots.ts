import { setTimeout as sleep } from 'node:timers/promises';
import {
  defaultCacheFolder,
  findDevice,
  Residency,
  serveModel,
  type FoundManifest,
  type Log,
  type PrepareRaw,
  type ServedModel,
  type ServeOptions,
} from '@ganglion/inference';
import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import { readEnvironment } from '../environment.js';
import type { Kit } from '../kit.js';
import { defaultIntraOpThreads } from './default-threads.js';
import { modelEnvironment } from './model-environment.js';
import { RunnerMetrics } from './runner-metrics.js';
import { ModelCatalogue } from './slot/model-catalogue.js';
import { Rollout } from './slot/rollout.js';
import { ShadowLane } from './slot/shadow-lane.js';
import { NO_CONTROL, type Assignments, type SlotControl } from './slot/slot-control.js';
import { SlotMetrics } from './slot/slot-metrics.js';
import { referenceOf, type LoadUseCase } from './slot/slot-version.js';
import { Slot } from './slot/slot.js';

/** How long a model that computes for nobody is waited for when the service stops. */
const CLOSE_MS = 2_000;

export interface OpenSlotOptions {
  /**
   * Set for a slot whose model helps that of another, such as an encoder: a caller who asks for a version means the other
   * one, and there is no shadow of a part.
   */
  readonly isPart?: boolean;
  /** The app's own preprocessing, for probes that hold what a caller would send. */
  readonly prepareRaw?: PrepareRaw;
}

/**
 * The models of a service, by slot: a capability asks for a slot, never for a model. Which versions a slot uses the
 * control plane says, else the manifest that calls itself its default; they are loaded, proved and warm before the
 * service can be found.
 */
export class ModelSlots implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly settings: ReturnType<typeof readModelSettings>;
  private readonly rollouts = new Map<string, Rollout<unknown>>();
  private readonly lane = new ShadowLane();
  private readonly residency: Residency;
  private readonly metrics: SlotMetrics;
  private readonly runnerMetrics: RunnerMetrics;
  private serveOptions: Promise<ServeOptions> | undefined;

  /**
   * @param appFolder Absolute path of the app, whose `models/*.json` are its manifests.
   * @param source Environment variables.
   */
  constructor(
    private readonly kit: Kit,
    private readonly appFolder: string,
    private readonly source: Readonly<Record<string, string | undefined>>,
    private readonly control: SlotControl = NO_CONTROL,
  ) {
    this.settings = readModelSettings(source);
    const { memoryMb, maxHeldCalls } = this.settings;
    const budgetBytes = memoryMb === null ? Infinity : memoryMb * 1024 ** 2;
    this.residency = new Residency({ budgetBytes, maxHeld: maxHeldCalls });
    this.metrics = new SlotMetrics(kit.metrics.registry, this.residency);
    this.runnerMetrics = new RunnerMetrics(kit.metrics.registry);
  }

  /**
   * A slot, for as long as the service runs; it can be used once the service has started.
   *
   * @param name `<service>/<slot>`
   * @param loadUseCase Makes the app's use case of a model, each time that a version is loaded.
   * @throws Error when it is open already.
   */
  open<UseCase>(
    name: string,
    loadUseCase: LoadUseCase<UseCase>,
    { isPart = false, prepareRaw = prepareNothing(name) }: OpenSlotOptions = {},
  ): Slot<UseCase> {
    if (this.rollouts.has(name)) throw new Error(`The slot "${name}" is open already.`);
    const { lane, metrics, kit, residency } = this;
    const { logger } = kit;
    const slot = new Slot<UseCase>(name, { lane, metrics, logger, isPart });
    const { instances } = this.settings;
    const serve = (found: FoundManifest): Promise<ServedModel> => this.serve(found, prepareRaw);
    const loader = { residency, instances, serve };
    const catalogue = (): Promise<ModelCatalogue> => this.readCatalogue();
    const rollout = new Rollout({ slot, loadUseCase, loader, catalogue, metrics, logger, isPart });
    this.rollouts.set(name, rollout as Rollout<unknown>);
    return slot;
  }

  /** @throws Error when a slot has no default model; ServiceError model_unavailable when that fails. */
  async onApplicationBootstrap(): Promise<void> {
    const isLazy = this.settings.loadAt === 'first-call';
    const assignments = await this.control.read();
    await Promise.all(
      [...this.rollouts].map(([name, rollout]) =>
        rollout.start(assignments?.get(this.ownName(name)) ?? null, isLazy),
      ),
    );
    this.control.watch({
      changed: (changed) => this.follow(changed),
      state: (instance) =>
        Object.fromEntries(
          [...this.rollouts].map(([name, rollout]) => [this.ownName(name), rollout.state(instance)]),
        ),
    });
  }

  /** Waits for a run under way, but not for good: one that goes on is ended with the process. */
  async onApplicationShutdown(): Promise<void> {
    this.control.stop();
    await Promise.all([this.lane.close(), ...[...this.rollouts].map((entry) => this.close(...entry))]);
  }

  private follow(assignments: Assignments): void {
    for (const [name, rollout] of this.rollouts) {
      void rollout.apply(assignments.get(this.ownName(name)) ?? null);
    }
  }

  /** Its name without the service's. */
  private ownName(slot: string): string {
    return slot.slice(slot.indexOf('/') + 1);
  }

  private async close(slot: string, rollout: Rollout<unknown>): Promise<void> {
    const late = new AbortController();
    const patience = sleep(CLOSE_MS, 'late' as const, { signal: late.signal, ref: false });
    patience.catch(() => {});
    const outcome = await Promise.race([rollout.close(), patience]);
    late.abort();
    if (outcome === 'late')
      this.kit.logger.warn({ slot }, 'A model still computes: it ends with the process');
  }

  private readCatalogue(): Promise<ModelCatalogue> {
    return ModelCatalogue.read(this.appFolder, this.settings.modelFolders, this.kit.identity.name);
  }

  private async serve(found: FoundManifest, prepareRaw: PrepareRaw): Promise<ServedModel> {
    this.serveOptions ??= this.readServeOptions();
    const options = await this.serveOptions;
    const model = referenceOf(found.manifest);
    const startedAt = performance.now();
    const observer = this.runnerMetrics.observer(model);
    const runner = { ...options.runner, observer };
    const served = await serveModel(found, { ...options, runner, prepareRaw });
    this.metrics.loadSeconds.observe({ model }, (performance.now() - startedAt) / 1_000);
    return served;
  }

  private async readServeOptions(): Promise<ServeOptions> {
    const { settings } = this;
    const { interOpThreads, graphOptimization, memoryArena, memoryPattern } = settings;
    const intraOpThreads = settings.intraOpThreads ?? defaultIntraOpThreads();
    const { deviceFallback } = settings;
    const log: Log = (line, level) => this.kit.logger[level](line);
    const device = await findDevice(settings.device, (line) => log(line, 'info'));
    return {
      settings: { device, intraOpThreads, interOpThreads, graphOptimization, memoryArena, memoryPattern },
      fallsBackToCpu: deviceFallback === 'cpu' || (deviceFallback === 'auto' && settings.device === 'auto'),
      cacheFolder: defaultCacheFolder(this.source),
      licences: settings.licences,
      instances: settings.instances,
      runner: {
        maxDelayUs: settings.maxBatchDelayUs,
        targetMs: settings.batchTargetMs,
        maxQueuedRows: settings.maxQueuedRows,
        maxQueueMs: settings.maxQueueMs,
      },
      log,
    };
  }
}

/** In the place of preprocessing that a slot has none of: what would have proved a model is not left out in silence. */
function prepareNothing(slot: string): PrepareRaw {
  return () => {
    throw new Error(`nothing prepares raw input for "${slot}": its probes must hold tensors`);
  };
}

function readModelSettings(source: Readonly<Record<string, string | undefined>>) {
  return readEnvironment(modelEnvironment, source);
}
