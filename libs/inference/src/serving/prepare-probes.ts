import type { ModelManifest, Probe, RawInput } from '@ganglion/contracts/model-manifest';
import { copyTensor } from '@ganglion/tensor';
import type { TensorMap } from '../engine.js';
import type { Log } from '../log.js';
import { fromTensorJson } from './tensor-json.js';

/** What preprocessing may need to know of its model. */
export interface ProbedModel {
  readonly manifest: ModelManifest;
  /** Reads one of its files, such as its vocabulary, and proves it. */
  readFile(path: string): Promise<Uint8Array>;
}

/** Makes a model's inputs of what a caller would send, by the same preprocessing as serves. */
export type PrepareRaw = (raw: RawInput, model: ProbedModel) => TensorMap | Promise<TensorMap>;

/** A probe that can be run. */
export interface PreparedProbe extends Omit<Probe, 'inputs' | 'raw'> {
  /** Its inputs, made anew: a run consumes them. */
  inputs(): TensorMap;
}

/**
 * Makes the inputs of a model's probes.
 *
 * @param prepareRaw Of the app; without it a probe that holds raw input is left out, which the log is told.
 */
export async function prepareProbes(
  model: ProbedModel,
  prepareRaw: PrepareRaw | undefined,
  log?: Log,
): Promise<PreparedProbe[]> {
  const prepared: PreparedProbe[] = [];
  for (const { inputs, raw, ...probe } of model.manifest.probes) {
    if (raw === undefined) prepared.push({ ...probe, inputs: () => readInputs(inputs ?? {}) });
    else if (prepareRaw === undefined)
      log?.(`The probe "${probe.name}" of ${model.manifest.id} is left out: it needs its service.`, 'info');
    else prepared.push({ ...probe, inputs: copying(await prepareRaw(raw, model)) });
  }
  return prepared;
}

function readInputs(inputs: NonNullable<Probe['inputs']>): TensorMap {
  return Object.fromEntries(Object.entries(inputs).map(([name, value]) => [name, fromTensorJson(value)]));
}

function copying(inputs: TensorMap): () => TensorMap {
  return () => Object.fromEntries(Object.entries(inputs).map(([name, value]) => [name, copyTensor(value)]));
}
