import type { ModelManifest } from '@ganglion/contracts/model-manifest';
import type { EngineModel, ModelFile } from '../engine.js';
import { fileOf } from '../engines/refusal.js';
import { readVerified } from '../files/read-verified.js';
import { locateFile } from '../hub/locate-file.js';
import { ModelCache } from '../hub/model-cache.js';
import { mayLoad } from '../manifests/licence-gate.js';
import type { FoundManifest } from '../manifests/read-manifests.js';
import { Runner, type RunnerOptions } from '../runner/runner.js';
import type { Placement } from '../sessions/open-session.js';
import type { BatchMeasure } from './measure-batch.js';
import { asUnavailable, openProved, unavailable, type OpenOptions } from './open-proved.js';
import { prepareProbes, type PrepareRaw } from './prepare-probes.js';

export interface ServeOptions extends OpenOptions {
  /** Where pulled files lie: `defaultCacheFolder()` unless a setting names another. */
  readonly cacheFolder: string;
  /** Licences that weights may have, by SPDX id. */
  readonly licences: readonly string[];
  readonly runner?: RunnerOptions;
  /** The app's own preprocessing, for probes that hold raw input; without it they are left out. */
  readonly prepareRaw?: PrepareRaw | undefined;
}

/** A model that answers. */
export interface ServedModel {
  readonly manifest: ModelManifest;
  readonly runner: Runner;
  readonly placement: Placement;
  /** Where it computes, such as `cpu` or `cuda:0`. */
  readonly device: string;
  /** False when no probe has proved it. */
  readonly isVerified: boolean;
  /** What each of its answers says beside its own warnings. */
  readonly warnings: readonly string[];
  /** Reads one of its files, such as its vocabulary, and proves it. */
  readFile(path: string): Promise<Uint8Array>;
}

/**
 * Loads a model from files that are on this machine, proves it by its probes, warms it up and lets it serve.
 *
 * @throws ServiceError model_unavailable when its licence may not load, a file is missing or damaged, the engine
 *   refuses it, its signature is not what the manifest says, or its outputs are not those of the reference.
 */
export async function serveModel(found: FoundManifest, options: ServeOptions): Promise<ServedModel> {
  const { manifest } = found;
  const model = await locateModel(found, options);
  const readFile = async (path: string): Promise<Uint8Array> => readVerified(fileOf(model, path));
  const probes = await prepareProbes({ manifest, readFile }, options.prepareRaw, options.log).catch(
    (error) => {
      throw asUnavailable(manifest, error);
    },
  );
  const { sessions, placement, batches } = await openProved(manifest, model, { ...options, probes });
  const [{ device }] = sessions;
  const isVerified = probes.length > 0;
  const { maxBatch = Infinity } = options.runner ?? {};
  const efficientRows = Math.min(maxBatch, batches?.efficientRows ?? Infinity);
  options.log?.(
    `${manifest.id}@${manifest.version} serves on ${device}, ${placement}, ${describe(batches)}.`,
    'info',
  );
  return {
    manifest,
    runner: new Runner(sessions, manifest, { ...options.runner, maxBatch: efficientRows }),
    placement,
    device,
    isVerified,
    warnings: isVerified ? [] : [describeUnverified(manifest)],
    readFile,
  };
}

function describe(batches: BatchMeasure | null): string {
  if (batches === null) return 'not measured';
  return `in batches of up to ${batches.efficientRows}, the largest in ${batches.largestMs.toFixed(2)} ms`;
}

async function locateModel({ manifest, folder }: FoundManifest, options: ServeOptions): Promise<EngineModel> {
  const { id, licence, engine, entry } = manifest;
  if (!mayLoad(manifest, options.licences)) {
    throw unavailable(manifest, `its licence is ${licence}, which GANGLION_LICENCES does not list`);
  }
  const cache = new ModelCache(options.cacheFolder);
  const locations = await Promise.all(manifest.files.map((file) => locateFile(file, folder, cache)));
  const files = manifest.files.map(({ path, bytes, sha256 }, index): ModelFile => {
    const location = locations[index] ?? null;
    if (location !== null) return { path, location, bytes, sha256 };
    throw unavailable(
      manifest,
      `"${path}" is not in ${options.cacheFolder}; "ganglion models pull" brings it`,
    );
  });
  return { id, engine, entry, files };
}

function describeUnverified({ id, version }: ModelManifest): string {
  return `The model ${id}@${version} is unverified: no probe has compared it with a reference.`;
}
