export type { EngineModel, EngineSettings, ModelFile, Session, SessionTensor, TensorMap } from './engine.js';
export { type Device } from './engines/device.js';
export { findDevice } from './engines/find-device.js';
export { hubEnvironment } from './hub/environment.js';
export { defaultCacheFolder } from './hub/model-cache.js';
export { DEFAULT_LICENCES } from './manifests/licence-gate.js';
export type { Log } from './log.js';
export {
  readManifests,
  readOwnManifests,
  requireUnique,
  type FoundManifest,
} from './manifests/read-manifests.js';
export { estimateModelBytes } from './residency/model-bytes.js';
export { Residency, type ResidencyOptions } from './residency/residency.js';
export type { Loadable, Resident, ResidentState } from './residency/resident.js';
export type { BatchReport, RunnerObserver } from './runner/observer.js';
export type { Patience } from './runner/patience.js';
export type { Lane, RunResult, Timings } from './runner/pending-run.js';
export { Runner, type RunnerOptions } from './runner/runner.js';
export type { Placement } from './sessions/open-session.js';
export type { PrepareRaw, ProbedModel } from './serving/prepare-probes.js';
export { serveModel, type ServedModel, type ServeOptions } from './serving/serve-model.js';
