import type { TensorMap } from '@ganglion/inference';
import type { RunContext, SlotModel } from '@ganglion/service-kit/model/slot-model';
import { argmax, copyTensor, tensor, zeros, type Tensor } from '@ganglion/tensor';
import { findLoop } from './find-loop.js';

/** Shape of Moonshine tiny's decoder. */
const LAYERS = 6;
const HEADS = 8;
const HEAD_WIDTH = 36;
const HIDDEN_WIDTH = 288;

export interface GenerationRules {
  readonly startToken: number;
  readonly endToken: number;
  /** More than speech of this length can have. */
  readonly maxTokens: number;
}

export interface Generated {
  readonly tokens: readonly number[];
  /** Why it stopped: the model said so, there were too many tokens, or it had begun to repeat itself. */
  readonly end: 'complete' | 'limit' | 'loop';
  /** Sum of the natural logarithms of the tokens' probabilities, and how many they are with the end. */
  readonly logProbability: number;
  readonly steps: number;
}

/**
 * Writes down what an encoder heard, always taking the most probable token. The decoder's keys and values travel with
 * the calls: those of the tokens so far are moved; those of the encoder's output, which the model gives once and wants
 * each time, are copied, for a run consumes its inputs.
 *
 * @param heard `[1, frames, 288]`; consumed.
 * @source moonshine-ai/moonshine, `moonshine_onnx/model.py` 20251121 (`generate`)
 */
export async function generateTokens(
  heard: Tensor,
  { decoder, rules }: { readonly decoder: Pick<SlotModel, 'run'>; readonly rules: GenerationRules },
  context: RunContext,
): Promise<Generated> {
  const tokens: number[] = [];
  let token = rules.startToken;
  let logProbability = 0;
  let outputs = await decoder.run({ ...stepInputs(token, heard, false), ...emptyPast() }, context);
  const memory = keysAndValues(outputs, 'encoder');
  for (let steps = 1; ; steps++) {
    const logits = (outputs['logits'] as Tensor<'float32'>).data;
    token = argmax(logits);
    logProbability += logProbabilityOf(token, logits);
    const end = { logProbability, steps };
    if (token === rules.endToken) return { tokens, end: 'complete', ...end };
    tokens.push(token);
    const loopEnd = findLoop(tokens);
    if (loopEnd !== null) return { tokens: tokens.slice(0, loopEnd), end: 'loop', ...end };
    if (tokens.length >= rules.maxTokens) return { tokens, end: 'limit', ...end };
    // The branch that has a past does not look at the encoder's output again.
    const step = stepInputs(token, zeros('float32', [1, 1, HIDDEN_WIDTH]), true);
    outputs = await decoder.run(
      { ...step, ...keysAndValues(outputs, 'decoder'), ...copyOf(memory) },
      context,
    );
  }
}

function stepInputs(token: number, heard: Tensor, hasPast: boolean): TensorMap {
  return {
    input_ids: tensor('int64', [1, 1], BigInt64Array.of(BigInt(token))),
    encoder_hidden_states: heard,
    use_cache_branch: tensor('bool', [1], Uint8Array.of(Number(hasPast))),
  };
}

/** The first step's past: the model wants a place for it and does not read it. */
function emptyPast(): TensorMap {
  const names = Array.from({ length: LAYERS }, (_, layer) =>
    ['decoder.key', 'decoder.value', 'encoder.key', 'encoder.value'].map(
      (part) => `past_key_values.${layer}.${part}`,
    ),
  );
  return Object.fromEntries(names.flat().map((name) => [name, zeros('float32', [1, HEADS, 1, HEAD_WIDTH])]));
}

/** The keys and values that a step gave, under the names by which the next one takes them. */
function keysAndValues(outputs: TensorMap, of: 'encoder' | 'decoder'): TensorMap {
  const entries = Object.entries(outputs).filter(([name]) => name.includes(`.${of}.`));
  return Object.fromEntries(
    entries.map(([name, value]) => [name.replace('present', 'past_key_values'), value]),
  );
}

function copyOf(tensors: TensorMap): TensorMap {
  return Object.fromEntries(Object.entries(tensors).map(([name, value]) => [name, copyTensor(value)]));
}

/** @param best Index of the greatest logit, whose probability is asked for. */
function logProbabilityOf(best: number, logits: Float32Array): number {
  const greatest = logits[best] as number;
  return -Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit - greatest), 0));
}
