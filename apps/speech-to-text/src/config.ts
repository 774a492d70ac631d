import { defineEnvironment, type Settings } from '@ganglion/service-kit/environment';
import { modelEnvironment } from '@ganglion/service-kit/model/model-environment';

/** What this service reads beside what every service does. */
export const environment = defineEnvironment({
  ...modelEnvironment,
  maxAudioSeconds: {
    env: 'GANGLION_AUDIO_MAX_SECONDS',
    type: 'integer',
    min: 1,
    max: 7_200,
    default: 600,
    doc: 'The longest recording that is transcribed in one call, in seconds.',
  },
  maxDecoders: {
    env: 'GANGLION_AUDIO_DECODERS',
    type: 'integer',
    min: 1,
    default: 2,
    doc: 'Recordings that one instance decodes at the same time, each in a thread of its own; more wait.',
  },
  ffmpeg: {
    env: 'GANGLION_FFMPEG',
    type: 'string',
    default: 'ffmpeg',
    doc: 'The ffmpeg that decodes M4A, AAC and WebM: a path, or a name to find on the PATH.',
  },
});

/** Token of the settings that {@link environment} describes. */
export const SETTINGS = Symbol('settings of speech-to-text');

export type AudioSettings = Pick<Settings<typeof environment>, 'maxAudioSeconds' | 'maxDecoders' | 'ffmpeg'>;
