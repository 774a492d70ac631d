import { ServiceError } from '@ganglion/contracts/errors';
import type { ModelManifest } from '@ganglion/contracts/model-manifest';
import type { EngineModel, EngineSettings, ModelFile, Session } from '../engine.js';
import { CPU } from '../engines/device.js';
import { fileOf } from '../engines/refusal.js';
import { readVerified } from '../files/read-verified.js';
import { locateFile } from '../hub/locate-file.js';
import { ModelCache } from '../hub/model-cache.js';
import { mayLoad } from '../manifests/licence-gate.js';
import type { FoundManifest } from '../manifests/read-manifests.js';
import { Runner, type RunnerOptions } from '../runner/runner.js';
import { openSession, type Placement } from '../sessions/open-session.js';
import { compareSignature } from '../signature/compare-signature.js';
import { CheckedSession } from './checked.session.js';
import { measureBatches, type BatchMeasure } from './measure-batch.js';
import { runProbe } from './run-probe.js';

export interface ServeOptions {
  readonly settings: EngineSettings;
  /** Where pulled files lie: `defaultCacheFolder()` unless a setting names another. */
  readonly cacheFolder: string;
  /** Licences that weights may have, by SPDX id. */
  readonly licences: readonly string[];
  readonly runner?: RunnerOptions;
  /** Whether the CPU computes a model that does not load or prove itself on a CUDA device; else it is refused. */
  readonly fallsBackToCpu?: boolean;
  /** Opens a session in a place. */
  readonly open?: typeof openSession;
  /** Sessions of the model, each with its memory, which compute side by side; 1 unless told otherwise. */
  readonly instances?: number;
  /** Takes one line for each thing that an operator wants to know. */
  readonly log?: (line: string) => void;
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

/** Below this a run costs less than the way to a thread and back is worth. */
const INLINE_MS = 0.2;
/** A thread's time holds the way there and back, which a busy machine makes long: below this the run itself is measured. */
const TRY_INLINE_MS = 2;

/**
 * Loads a model from files that are on this machine, proves it by its probes, warms it up and lets it serve.
 *
 * @throws ServiceError model_unavailable when its licence may not load, a file is missing or damaged, the engine
 *   refuses it, its signature is not what the manifest says, or its outputs are not those of the reference.
 */
export async function serveModel(found: FoundManifest, options: ServeOptions): Promise<ServedModel> {
  const { manifest } = found;
  const model = await locateModel(found, options);
  const { session, placement, settings, batches } = await openProved(manifest, model, options);
  const further = await openFurther(placement, manifest, { model, options: { ...options, settings } });
  const isVerified = manifest.probes.length > 0;
  const { maxBatch = Infinity } = options.runner ?? {};
  const efficientRows = Math.min(maxBatch, batches?.efficientRows ?? Infinity);
  options.log?.(
    `${manifest.id}@${manifest.version} serves on ${session.device}, ${placement}, ${describe(batches)}.`,
  );
  return {
    manifest,
    runner: new Runner([session, ...further], manifest, { ...options.runner, maxBatch: efficientRows }),
    placement,
    device: session.device,
    isVerified,
    warnings: isVerified ? [] : [describeUnverified(manifest)],
    readFile: async (path) => readVerified(fileOf(model, path)),
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

interface ProvedSession {
  readonly session: Session;
  readonly placement: Placement;
  /** What it was opened with in the end. */
  readonly settings: EngineSettings;
  readonly batches: BatchMeasure | null;
}

async function openProved(
  manifest: ModelManifest,
  model: EngineModel,
  options: ServeOptions,
): Promise<ProvedSession> {
  const settings = { ...options.settings, ...manifest.engineSettings };
  try {
    return await openPlaced(manifest, model, { ...options, settings });
  } catch (error) {
    if (settings.device.provider === 'cpu' || !options.fallsBackToCpu) throw error;
    const why = error instanceof Error ? error.message : String(error);
    options.log?.(`${manifest.id}@${manifest.version} is left to the CPU: ${why}`);
    return openPlaced(manifest, model, { ...options, settings: { ...settings, device: CPU } });
  }
}

/** A model whose place is not said starts in a thread, and moves in with the caller when it turns out to be quick. */
async function openPlaced(
  manifest: ModelManifest,
  model: EngineModel,
  options: ServeOptions,
): Promise<ProvedSession> {
  if (manifest.placement !== 'auto') return openIn(manifest.placement, manifest, { model, options });
  // Who sets limits wants them kept.
  if (Object.keys(manifest.limits).length > 0) return openIn('process', manifest, { model, options });
  const threaded = await openIn('thread', manifest, { model, options });
  if (threaded.batches === null || threaded.batches.largestMs > TRY_INLINE_MS) return threaded;
  const inline = await openIn('inline', manifest, { model, options });
  const isQuick = inline.batches !== null && inline.batches.largestMs < INLINE_MS;
  await (isQuick ? threaded : inline).session.dispose();
  return isQuick ? inline : threaded;
}

/** The other instances, proved as the first was; should one fail, none is left behind. */
async function openFurther(
  placement: Placement,
  manifest: ModelManifest,
  { model, options }: { readonly model: EngineModel; readonly options: ServeOptions },
): Promise<Session[]> {
  const openings = Array.from({ length: (options.instances ?? 1) - 1 }, () =>
    openIn(placement, manifest, { model, options }),
  );
  const settled = await Promise.allSettled(openings);
  const opened = settled.flatMap((result) => (result.status === 'fulfilled' ? [result.value.session] : []));
  const failed = settled.find((result) => result.status === 'rejected');
  if (failed === undefined) return opened;
  await Promise.all(opened.map((session) => session.dispose()));
  throw failed.reason;
}

async function openIn(
  placement: Placement,
  manifest: ModelManifest,
  { model, options }: { readonly model: EngineModel; readonly options: ServeOptions },
): Promise<ProvedSession> {
  const { settings, log, open = openSession } = options;
  const bare = await open(model, { placement, settings, limits: manifest.limits, log });
  try {
    const differences = compareSignature(manifest, bare);
    if (differences.length > 0) throw unavailable(manifest, differences.join('; '));
    const session = new CheckedSession(bare, manifest);
    for (const probe of manifest.probes) {
      const problems = await runProbe(session, probe);
      if (problems.length > 0) throw unavailable(manifest, problems.join('; '));
    }
    return { session, placement, settings, batches: await measureBatches(session, manifest) };
  } catch (error) {
    await bare.dispose();
    throw asUnavailable(manifest, error);
  }
}

function describeUnverified({ id, version }: ModelManifest): string {
  return `The model ${id}@${version} is unverified: no probe has compared it with a reference.`;
}

/** Whatever a probe dies of, the model is not fit to serve. */
function asUnavailable(manifest: ModelManifest, error: unknown): ServiceError {
  if (error instanceof ServiceError && error.code === 'model_unavailable') return error;
  const why = error instanceof Error ? error.message : String(error);
  return unavailable(manifest, `a probe failed: ${why.replace(/\.$/, '')}`, error);
}

function unavailable({ id, version }: ModelManifest, why: string, cause?: unknown): ServiceError {
  return new ServiceError('model_unavailable', `The model ${id}@${version} can't serve: ${why}.`, { cause });
}
