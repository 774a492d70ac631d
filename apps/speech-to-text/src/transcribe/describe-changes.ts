import type { DecodedAudio } from '@ganglion/tensor/audio';

/** Above this share of samples clipping is heard, and not only the rounding of a coder. */
const AUDIBLE_CLIPPING = 0.001;

/** What was done to a recording before the model heard it, in sentences for the answer's warnings. */
export function describeChanges(
  audio: Omit<DecodedAudio, 'samples'> & { readonly samples: { readonly length: number } },
): string[] {
  const { format, sampleRateHz, sourceRateHz, sourceChannels, invalidFrames, brokenFrames, clippedSamples } =
    audio;
  const isByFfmpeg = format === 'mp4' || format === 'aac' || format === 'webm';
  return [
    isByFfmpeg && `The recording was decoded by ffmpeg to one channel of ${sampleRateHz} Hz.`,
    sourceChannels > 1 && `The recording was mixed from ${sourceChannels} channels to one.`,
    sourceRateHz !== sampleRateHz &&
      `The recording was resampled from ${sourceRateHz} to ${sampleRateHz} Hz.`,
    audio.isCutShort &&
      'The file is cut short: it says that it holds more than it does. What is there was transcribed.',
    brokenFrames > 0 &&
      `The file is damaged: ${brokenFrames} of its frames could not be decoded and are missing.`,
    invalidFrames > 0 && `${invalidFrames} samples are no numbers; they were taken as silence.`,
    clippedSamples > AUDIBLE_CLIPPING * audio.samples.length &&
      `${clippedSamples} samples are beyond full scale; they were clipped.`,
  ].filter((sentence) => typeof sentence === 'string');
}
