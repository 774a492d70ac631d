import type { RunContext, SlotModel } from '@ganglion/service-kit/model/slot-model';
import { tensor, zeros, type Tensor } from '@ganglion/tensor';

/** Samples of one frame at 16 kHz: 32 ms. */
export const FRAME_SAMPLES = 512;
/** Samples before a frame that the model sees with it. */
const CONTEXT_SAMPLES = 64;

/**
 * The probability of speech in each frame of a recording; a last frame that is incomplete is filled with silence.
 *
 * @param samples 16 kHz, -1..1
 * @source snakers4/silero-vad 6, `utils_vad.py` (`OnnxWrapper`)
 */
export async function detectVoice(
  samples: Float32Array,
  model: Pick<SlotModel, 'run'>,
  context: RunContext,
): Promise<Float32Array> {
  const probabilities = new Float32Array(Math.ceil(samples.length / FRAME_SAMPLES));
  let state: Tensor = zeros('float32', [2, 1, 128]);
  for (let frame = 0; frame < probabilities.length; frame++) {
    const input = tensor('float32', [1, CONTEXT_SAMPLES + FRAME_SAMPLES], frameOf(samples, frame));
    const sr = tensor('int64', [], BigInt64Array.of(16_000n));
    const outputs = await model.run({ input, state, sr }, context);
    state = outputs['stateN'] as Tensor;
    probabilities[frame] = Number((outputs['output'] as Tensor).data[0]);
  }
  return probabilities;
}

/** A frame with what comes before it; silence where the recording has not begun or has ended. */
function frameOf(samples: Float32Array, frame: number): Float32Array<ArrayBuffer> {
  const values = new Float32Array(CONTEXT_SAMPLES + FRAME_SAMPLES);
  const start = frame * FRAME_SAMPLES - CONTEXT_SAMPLES;
  values.set(samples.subarray(Math.max(0, start), start + values.length), Math.max(0, -start));
  return values;
}
