import type { TensorMap } from '@ganglion/inference';
import type { RunContext } from '@ganglion/service-kit/model/slot-model';
import { StageTimer } from '@ganglion/service-kit/stage-timer';
import { tensor, zeros } from '@ganglion/tensor';
import { describe, expect, it } from '@jest/globals';
import { generateTokens } from './generate-tokens.js';

const context: RunContext = {
  deadline: Infinity,
  signal: new AbortController().signal,
  timing: new StageTimer(),
  notes: new Set(),
};
const rules = { startToken: 1, endToken: 2, maxTokens: 20 };

/** A decoder that says what it is told, and consumes its inputs as a session in a thread does. */
class ScriptedDecoder {
  readonly seen: { token: number; hasPast: boolean; pastLength: number; memory: number[] }[] = [];

  constructor(private readonly script: readonly number[]) {}

  async run(inputs: TensorMap): Promise<TensorMap> {
    const past = inputs['past_key_values.5.decoder.key'];
    const memory = inputs['past_key_values.0.encoder.key'];
    const hasPast = inputs['use_cache_branch']?.data[0] === 1;
    this.seen.push({
      token: Number(inputs['input_ids']?.data[0]),
      hasPast,
      pastLength: past?.shape[2] ?? -1,
      memory: [...((memory?.data ?? []) as Float32Array)].slice(0, 1),
    });
    for (const { data } of Object.values(inputs)) structuredClone(data.buffer, { transfer: [data.buffer] });
    const logits = new Float32Array(10);
    logits[this.script[this.seen.length - 1] ?? 0] = Math.log(9);
    const presents = Array.from({ length: 6 }, (_, layer) => [
      [`present.${layer}.decoder.key`, zeros('float32', [1, 8, this.seen.length, 36])],
      // Given once: the branch with a past gives nothing in its place.
      [`present.${layer}.encoder.key`, tensor('float32', [1, 1, 1, 1], Float32Array.of(hasPast ? 0 : 42))],
    ]);
    return { logits: tensor('float32', [1, 1, 10], logits), ...Object.fromEntries(presents.flat()) };
  }
}

const generate = (decoder: ScriptedDecoder) =>
  generateTokens(zeros('float32', [1, 4, 288]), { decoder, rules }, context);

describe('generateTokens', () => {
  it('feeds each token back until the model ends, with all keys and values', async () => {
    const decoder = new ScriptedDecoder([5, 6, 7, 2]);
    const generated = await generate(decoder);
    expect(generated).toMatchObject({ tokens: [5, 6, 7], end: 'complete', steps: 4 });
    // Each had the probability 9 / (9 + 9).
    expect(generated.logProbability).toBeCloseTo(4 * Math.log(0.5));
    expect(decoder.seen).toEqual([
      { token: 1, hasPast: false, pastLength: 1, memory: [0] },
      { token: 5, hasPast: true, pastLength: 1, memory: [42] },
      { token: 6, hasPast: true, pastLength: 2, memory: [42] },
      { token: 7, hasPast: true, pastLength: 3, memory: [42] },
    ]);
  });

  it('says nothing when the model ends at once', async () => {
    expect(await generate(new ScriptedDecoder([2]))).toMatchObject({ tokens: [], end: 'complete' });
  });

  it('stops at more tokens than can be said', async () => {
    const script = Array.from({ length: 30 }, (_, index) => 3 + ((index * index) % 7));
    expect(await generate(new ScriptedDecoder(script))).toMatchObject({
      tokens: script.slice(0, 20),
      end: 'limit',
    });
  });

  it('stops when the model repeats itself, and keeps what it said once', async () => {
    const script = [9, ...Array.from({ length: 30 }, () => [4, 5, 6, 7]).flat()];
    expect(await generate(new ScriptedDecoder(script))).toMatchObject({
      tokens: [9, 4, 5, 6, 7],
      end: 'loop',
    });
  });

  it('passes on that the caller went', async () => {
    const decoder = { run: () => Promise.reject(new Error('deadline')) };
    await expect(generateTokens(zeros('float32', [1, 4, 288]), { decoder, rules }, context)).rejects.toThrow(
      'deadline',
    );
  });
});
