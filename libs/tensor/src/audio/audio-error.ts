/**
 * What an {@link AudioError} complains about. `not_audio`: nothing that is known as audio. `unsupported_audio`: audio
 * of a kind that is not read. `needs_ffmpeg`: a kind that only ffmpeg reads, and there is none. `damaged_audio`:
 * broken, so that not one sample comes out. `empty_audio`: without a sample. `audio_too_long`: more seconds than the
 * limit. `decoding_timed_out`: its decoder did not come to an end.
 */
export type AudioErrorCode =
  | 'not_audio'
  | 'unsupported_audio'
  | 'needs_ffmpeg'
  | 'damaged_audio'
  | 'empty_audio'
  | 'audio_too_long'
  | 'decoding_timed_out';

/** Why audio could not be read; the message may be shown to who sent it. */
export class AudioError extends Error {
  override readonly name = 'AudioError';

  constructor(
    readonly code: AudioErrorCode,
    message: string,
    cause?: unknown,
  ) {
    super(message, { cause });
  }
}
