export { AudioError, type AudioErrorCode } from './audio-error.js';
export { audioFormatOf, type AudioFormat } from './audio-format.js';
export { decodeAudio, type DecodeAudioOptions } from './decode-audio.js';
export type { AudioLimits, DecodedAudio } from './read-audio.js';
export { Resampler } from './resampler.js';
