import { ServiceError } from '@ganglion/contracts/errors';
import type { ModelManifest } from '@ganglion/contracts/model-manifest';
import type { EngineModel, EngineSettings, Session } from '../engine.js';
import { CPU } from '../engines/device.js';
import type { Log } from '../log.js';
import { openSession, type Placement } from '../sessions/open-session.js';
import { compareSignature } from '../signature/compare-signature.js';
import { CheckedSession } from './checked.session.js';
import { measureBatches, type BatchMeasure } from './measure-batch.js';
import type { PreparedProbe } from './prepare-probes.js';
import { runProbe } from './run-probe.js';

export interface OpenOptions {
  readonly settings: EngineSettings;
  /** Whether the CPU computes a model that does not load or prove itself on a CUDA device; else it is refused. */
  readonly fallsBackToCpu?: boolean;
  /** Opens a session in a place. */
  readonly open?: typeof openSession;
  /** Sessions of the model, each with its memory, which compute side by side; 1 unless told otherwise. */
  readonly instances?: number;
  readonly log?: Log;
}

interface ProvingOptions extends OpenOptions {
  readonly probes: readonly PreparedProbe[];
}

/** The sessions of a model, alike in place and device. */
export interface ProvedSessions {
  readonly sessions: readonly [Session, ...Session[]];
  readonly placement: Placement;
  /** Of the first; null when the model has no probe to measure by. */
  readonly batches: BatchMeasure | null;
}

interface MeasuredSession {
  readonly session: Session;
  readonly placement: Placement;
  /** What it was opened with in the end. */
  readonly settings: EngineSettings;
  readonly batches: BatchMeasure | null;
}

/** Below this a run costs less than the way to a thread and back is worth. */
const INLINE_MS = 0.2;
/** A thread's time holds the way there and back, which a busy machine makes long: below this the run itself is measured. */
const TRY_INLINE_MS = 2;

/**
 * Opens a model in its place and holds it to its manifest: signature and probes. Where anything fails, no session is
 * left behind.
 *
 * @throws ServiceError model_unavailable
 */
export async function openProved(
  manifest: ModelManifest,
  model: EngineModel,
  options: ProvingOptions,
): Promise<ProvedSessions> {
  const { session, placement, settings, batches } = await openFirst(manifest, model, options);
  try {
    const further = await openFurther(placement, manifest, { model, options: { ...options, settings } });
    return { sessions: [session, ...further], placement, batches };
  } catch (error) {
    await session.dispose();
    throw error;
  }
}

async function openFirst(
  manifest: ModelManifest,
  model: EngineModel,
  options: ProvingOptions,
): Promise<MeasuredSession> {
  const settings = { ...options.settings, ...manifest.engineSettings };
  try {
    return await openPlaced(manifest, model, { ...options, settings });
  } catch (error) {
    if (settings.device.provider === 'cpu' || !options.fallsBackToCpu) throw error;
    const why = error instanceof Error ? error.message : String(error);
    options.log?.(`${manifest.id}@${manifest.version} is left to the CPU: ${why}`, 'warn');
    return openPlaced(manifest, model, { ...options, settings: { ...settings, device: CPU } });
  }
}

/** A model whose place is not said starts in a thread, and moves in with the caller when it turns out to be quick. */
async function openPlaced(
  manifest: ModelManifest,
  model: EngineModel,
  options: ProvingOptions,
): Promise<MeasuredSession> {
  const open = (placement: Placement) => openMeasured(placement, manifest, { model, options });
  if (manifest.placement !== 'auto') return open(manifest.placement);
  // Who sets limits wants them kept.
  if (Object.keys(manifest.limits).length > 0) return open('process');
  const threaded = await open('thread');
  if (threaded.batches === null || threaded.batches.largestMs > TRY_INLINE_MS) return threaded;
  const inline = await open('inline');
  const isQuick = inline.batches !== null && inline.batches.largestMs < INLINE_MS;
  await (isQuick ? threaded : inline).session.dispose();
  return isQuick ? inline : threaded;
}

interface Opening {
  readonly model: EngineModel;
  readonly options: ProvingOptions;
}

/** The other instances; should one fail, none of them is left behind. */
async function openFurther(
  placement: Placement,
  manifest: ModelManifest,
  opening: Opening,
): Promise<Session[]> {
  const count = (opening.options.instances ?? 1) - 1;
  const settled = await Promise.allSettled(
    Array.from({ length: count }, () => openIn(placement, manifest, opening)),
  );
  const opened = settled.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const failed = settled.find((result) => result.status === 'rejected');
  if (failed === undefined) return opened;
  await Promise.all(opened.map((session) => session.dispose()));
  throw failed.reason;
}

async function openMeasured(
  placement: Placement,
  manifest: ModelManifest,
  opening: Opening,
): Promise<MeasuredSession> {
  const session = await openIn(placement, manifest, opening);
  const { settings, probes } = opening.options;
  try {
    return { session, placement, settings, batches: await measureBatches(session, manifest, probes[0]) };
  } catch (error) {
    await session.dispose();
    throw asUnavailable(manifest, error);
  }
}

/** One session, whose signature is the manifest's and whose probes came out as the reference says. */
async function openIn(
  placement: Placement,
  manifest: ModelManifest,
  { model, options: { settings, log, probes, open = openSession } }: Opening,
): Promise<Session> {
  const bare = await open(model, { placement, settings, limits: manifest.limits, log });
  try {
    const differences = compareSignature(manifest, bare);
    if (differences.length > 0) throw unavailable(manifest, differences.join('; '));
    const session = new CheckedSession(bare, manifest);
    for (const probe of probes) {
      const problems = await runProbe(session, probe);
      if (problems.length > 0) throw unavailable(manifest, problems.join('; '));
    }
    return session;
  } catch (error) {
    await bare.dispose();
    throw asUnavailable(manifest, error);
  }
}

/** Whatever a probe dies of, the model is not fit to serve. */
export function asUnavailable(manifest: ModelManifest, error: unknown): ServiceError {
  if (error instanceof ServiceError && error.code === 'model_unavailable') return error;
  const why = error instanceof Error ? error.message : String(error);
  return unavailable(manifest, `a probe failed: ${why.replace(/\.$/, '')}`, error);
}

export function unavailable({ id, version }: ModelManifest, why: string, cause?: unknown): ServiceError {
  return new ServiceError('model_unavailable', `The model ${id}@${version} can't serve: ${why}.`, { cause });
}
