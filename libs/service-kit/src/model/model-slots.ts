import {
  defaultCacheFolder,
  findDevice,
  readManifests,
  readOwnManifests,
  requireUnique,
  serveModel,
} from '@ganglion/inference';
import type { FoundManifest, ServeOptions } from '@ganglion/inference';
import type { OnApplicationShutdown } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { readEnvironment } from '../environment.js';
import type { Kit } from '../kit.js';
import { defaultIntraOpThreads } from './default-threads.js';
import { modelEnvironment } from './model-environment.js';
import { RunnerMetrics } from './runner-metrics.js';
import { SlotModel } from './slot-model.js';

/** How long a model that computes for nobody is waited for when the service stops. */
const CLOSE_MS = 2_000;

/**
 * The models of a service, by slot: a capability asks for a slot, never for a model. Each slot has the model whose
 * manifest calls itself its default, loaded, proved and warm before the service can be found.
 */
export class ModelSlots implements OnApplicationShutdown {
  private readonly models = new Map<string, SlotModel>();

  /** @param appFolder Absolute path of the app, whose `models/*.json` are its manifests. */
  constructor(
    private readonly kit: Kit,
    private readonly appFolder: string,
    private readonly source: Readonly<Record<string, string | undefined>>,
  ) {}

  /** @throws Error when a slot has no default model. */
  slot(name: string): SlotModel {
    const model = this.models.get(name);
    if (model === undefined) {
      throw new Error(`No manifest in ${this.appFolder}/models has "slot": "${name}" and "default": true.`);
    }
    return model;
  }

  /** Loads, proves and warms the default model of every slot. @throws ServiceError model_unavailable */
  async load(): Promise<void> {
    const defaults = await this.findDefaults();
    const options = await this.serveOptions();
    const metrics = new RunnerMetrics(this.kit.metrics.registry);
    await Promise.all(
      [...defaults].map(async ([slot, found]) => {
        const runner = { ...options.runner, observer: metrics.observer(found.manifest.id) };
        this.models.set(slot, new SlotModel(await serveModel(found, { ...options, runner })));
      }),
    );
  }

  /** Those of the app; a model of the user's own that calls itself a slot's default takes the place of the app's. */
  private async findDefaults(): Promise<Map<string, FoundManifest>> {
    const { modelFolders } = readEnvironment(modelEnvironment, this.source);
    const ofService = `${this.kit.identity.name}/`;
    const own = (await readOwnManifests(modelFolders)).filter(({ manifest }) =>
      manifest.slot?.startsWith(ofService),
    );
    const ofApp = await readManifests(this.appFolder);
    requireUnique([...ofApp, ...own]);
    return new Map([...defaultBySlot(ofApp), ...defaultBySlot(own)]);
  }

  /** Waits for a run under way, but not for good: one that goes on is ended with the process. */
  async onApplicationShutdown(): Promise<void> {
    await Promise.all([...this.models.values()].map((model) => this.close(model)));
  }

  private async close(model: SlotModel): Promise<void> {
    const late = new AbortController();
    const patience = sleep(CLOSE_MS, 'late' as const, { signal: late.signal, ref: false });
    patience.catch(() => {});
    const outcome = await Promise.race([model.close(), patience]);
    late.abort();
    if (outcome === 'late')
      this.kit.logger.warn({ model: model.version.id }, 'A model still computes: it ends with the process');
  }

  private async serveOptions(): Promise<ServeOptions> {
    const settings = readEnvironment(modelEnvironment, this.source);
    const { interOpThreads, graphOptimization, memoryArena, memoryPattern } = settings;
    const intraOpThreads = settings.intraOpThreads ?? defaultIntraOpThreads();
    const { deviceFallback } = settings;
    const log = (line: string): void => this.kit.logger.info(line);
    const device = await findDevice(settings.device, log);
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

/** @throws Error when two models both call themselves a slot's default. */
function defaultBySlot(manifests: readonly FoundManifest[]): Map<string, FoundManifest> {
  const defaults = new Map<string, FoundManifest>();
  for (const found of manifests) {
    const { id, slot, default: isDefault } = found.manifest;
    if (slot === undefined || !isDefault) continue;
    const other = defaults.get(slot);
    if (other !== undefined)
      throw new Error(`Both ${other.manifest.id} and ${id} are the default of "${slot}".`);
    defaults.set(slot, found);
  }
  return defaults;
}
