import { ServiceError } from '@ganglion/contracts/errors';
import type { EngineModel, ModelFile } from '../engine.js';

/** The error of a model that can't be loaded, with the reason in it. */
export function refusal(model: EngineModel, why: unknown): ServiceError {
  if (why instanceof ServiceError) return why;
  const reason = why instanceof Error ? why.message : String(why);
  return new ServiceError('model_unavailable', `The model "${model.id}" can't be loaded: ${reason}`, {
    cause: why,
  });
}

/** The error of a run whose model was given back. */
export function disposed(model: EngineModel): ServiceError {
  return new ServiceError('model_unavailable', `The model "${model.id}" was unloaded.`);
}

/**
 * The model's file of this path.
 *
 * @throws ServiceError model_unavailable when the model does not list it.
 */
export function fileOf(model: EngineModel, path: string): ModelFile {
  const file = model.files.find((candidate) => candidate.path === path);
  if (file === undefined) throw refusal(model, `it refers to "${path}", which its manifest does not list.`);
  return file;
}
