import { ServiceError } from '@ganglion/contracts/errors';
import type { EngineModel, ModelFile, TensorMap } from '../engine.js';
import { describe } from '../signature/check-inputs.js';

/** The error of a model that can't be loaded, with the reason in it. */
export function refusal(model: EngineModel, why: unknown): ServiceError {
  if (why instanceof ServiceError) return why;
  const reason = why instanceof Error ? why.message : String(why);
  return new ServiceError('model_unavailable', `The model "${model.id}" can't be loaded: ${reason}`, {
    cause: why,
  });
}

/**
 * The error of a run whose inputs fit the signature, but not what the graph makes of their lengths or values.
 *
 * @param why As the end of a sentence.
 */
export function noAnswer(model: EngineModel, inputs: TensorMap, why: string, cause: unknown): ServiceError {
  const given = Object.entries(inputs).map(([name, value]) => `"${name}" ${describe(value)}`);
  const detail = `The model "${model.id}" has no answer to this input (${given.join(', ')}): ${why}.`;
  return new ServiceError('invalid_input', detail, { cause });
}

/** The error of a run that needs more memory than there is. */
export function outOfMemory(model: EngineModel, cause: unknown): ServiceError {
  const detail = `The model "${model.id}" needs more memory for this input than there is: send less at once.`;
  return new ServiceError('overloaded', detail, { cause });
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
