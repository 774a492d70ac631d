import type { PrepareRaw } from '@ganglion/inference';
import { detectorInput, preprocess } from './preprocess.js';

/** A probe's picture to the model's input, as a request's is. */
export const prepareRaw: PrepareRaw = async (raw, { manifest }) => {
  if (!('base64' in raw)) throw new TypeError('a probe of pictures holds the bytes of one');
  const frame = detectorInput.parse(manifest.preprocessing);
  const { input } = await preprocess(Buffer.from(raw.base64, 'base64'), frame);
  return { image: input };
};
