import { z } from 'zod';
import { defineCapability } from '../../capability.js';
import { defineErrors } from '../../errors.js';
import { media } from '../../media.js';

export const speechErrors = defineErrors('speech-to-text', {
  no_decoder: { status: 415, title: 'This installation cannot decode this kind of audio', retryable: false },
  damaged_audio: { status: 422, title: 'The audio could not be decoded', retryable: false },
  empty_audio: { status: 422, title: 'The audio has no samples', retryable: false },
  audio_too_long: { status: 413, title: 'The audio is too long', retryable: false },
});

const seconds = z.number().min(0);

/** What a recording of English speech says. */
export const transcribe = defineCapability({
  service: 'speech-to-text',
  operation: 'transcribe',
  summary: 'Writes down English speech, with the times of its segments.',
  description:
    'Reads WAV, MP3, FLAC and Ogg (Vorbis, Opus) of any sample rate and any number of channels, told by their bytes and ' +
    'not by their name; M4A, AAC and WebM where ffmpeg is installed beside the service. What is no speech is left out: ' +
    'silence and noise give no words. A segment is a stretch of speech between pauses, at most 30 seconds; a speaker ' +
    'who makes no pause is cut there. What was done to the audio (mixed, resampled, cut) is in `warnings`. Not fit for ' +
    'other languages, for telling speakers apart, or for a record that nobody reads over.',
  input: z.strictObject({
    audio: media({
      types: [
        ...['audio/wav', 'audio/x-wav', 'audio/wave', 'audio/vnd.wave'],
        ...['audio/mpeg', 'audio/mp3', 'audio/flac', 'audio/x-flac', 'audio/ogg', 'audio/opus'],
        ...['audio/mp4', 'audio/m4a', 'audio/x-m4a', 'audio/aac', 'audio/webm'],
      ],
      maxBytes: 25_000_000,
    }).describe('A recording of at most 25 MB and 10 minutes.'),
    language: z
      .enum(['en'])
      .default('en')
      .describe('The language that is spoken: the model knows English only.'),
  }),
  output: z.strictObject({
    text: z.string().describe('All that was said; empty when there is no speech.'),
    segments: z
      .array(
        z.strictObject({
          startSeconds: seconds.describe('From the start of the recording.'),
          endSeconds: seconds,
          text: z.string(),
        }),
      )
      .describe('In the order of time; together they are the text.'),
    durationSeconds: seconds.describe('Of the whole recording.'),
    language: z.literal('en'),
  }),
  prediction: { ledger: 'async', retainInput: 'never', retainDays: 30, reviewable: true },
  errors: Object.values(speechErrors),
  deadlineMs: 120_000,
  retrySafe: true,
});
