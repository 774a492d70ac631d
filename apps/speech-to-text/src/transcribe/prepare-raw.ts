import type { PrepareRaw } from '@ganglion/inference';
import { tensor } from '@ganglion/tensor';
import { decodeAudio } from '@ganglion/tensor/audio';
import { SAMPLE_RATE_HZ } from './preprocess.js';

/** A probe is short. */
const MOST_SECONDS = 30;

/** A probe's recording to the encoder's input, as a request's is: one segment, for the detector has its own probes. */
export const prepareRaw: PrepareRaw = async (raw) => {
  if (!('base64' in raw)) throw new TypeError('a probe of recordings holds the bytes of one');
  const bytes = Buffer.from(raw.base64, 'base64');
  const { samples } = await decodeAudio(bytes, { sampleRateHz: SAMPLE_RATE_HZ, maxSeconds: MOST_SECONDS });
  return { input_values: tensor('float32', [1, samples.length], Float32Array.from(samples)) };
};
