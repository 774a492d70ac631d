import type { TensorMap } from '@ganglion/inference';
import { StageTimer } from '@ganglion/service-kit/stage-timer';
import { tensor, zeros } from '@ganglion/tensor';
import { describe, expect, it } from '@jest/globals';
import { preprocess } from './preprocess.js';

const context = {
  deadline: Infinity,
  signal: new AbortController().signal,
  timing: new StageTimer(),
  notes: new Set<string>(),
};
const recording = (seconds: number, isLoud: (second: number) => boolean) =>
  Float32Array.from({ length: seconds * 16_000 }, (_, index) => (isLoud(index / 16_000) ? 0.5 : 0));

/** Takes what is loud for speech, and proves that frames overlap and the state is handed on. */
function loudness() {
  const calls: { state: number; first: number }[] = [];
  return {
    calls,
    async run({ input, state, sr }: TensorMap): Promise<TensorMap> {
      const samples = input?.data as Float32Array;
      expect([input?.shape, sr?.data[0]]).toEqual([[1, 576], 16_000n]);
      calls.push({ state: Number(state?.data[0]), first: samples[0] as number });
      const next = zeros('float32', [2, 1, 128]);
      next.data[0] = calls.length;
      return { output: tensor('float32', [1, 1], Float32Array.of(samples[300] ? 0.9 : 0.1)), stateN: next };
    },
  };
}

describe('preprocess', () => {
  it('gives the stretches of speech with their times', async () => {
    const model = loudness();
    const segments = await preprocess(
      recording(10, (second) => second > 1 && second < 3),
      model,
      context,
    );
    expect(segments).toHaveLength(1);
    expect(segments[0]?.startSeconds).toBeCloseTo(0.5, 1);
    expect(segments[0]?.endSeconds).toBeCloseTo(3.5, 1);
    expect((segments[0]?.samples.length ?? 0) / 16_000).toBeCloseTo(3, 1);
    expect(model.calls.slice(0, 3).map(({ state }) => state)).toEqual([0, 1, 2]);
  });

  it('keeps times within the recording, and silence around a short one', async () => {
    const [segment] = await preprocess(
      recording(0.5, () => true),
      loudness(),
      context,
    );
    expect(segment).toMatchObject({ startSeconds: 0, endSeconds: 0.5 });
    expect(segment?.samples.length).toBe(16_000);
  });

  it('finds nothing in silence', async () => {
    expect(
      await preprocess(
        recording(5, () => false),
        loudness(),
        context,
      ),
    ).toEqual([]);
  });
});
