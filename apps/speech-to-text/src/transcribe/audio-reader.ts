import { ServiceError, type CoreErrorCode, type DeclaredError } from '@ganglion/contracts/errors';
import type { Media } from '@ganglion/contracts/media';
import { speechErrors } from '@ganglion/contracts/services/speech-to-text/transcribe';
import type { CallContext } from '@ganglion/service-kit/call-context';
import { MediaReader } from '@ganglion/service-kit/media-reader';
import { AudioError, decodeAudio, type AudioErrorCode, type DecodedAudio } from '@ganglion/tensor/audio';
import { Inject, Injectable } from '@nestjs/common';
import { SETTINGS, type AudioSettings } from '../config.js';
import { Gate } from './gate.js';

const ERRORS: Readonly<Record<AudioErrorCode, CoreErrorCode | DeclaredError>> = {
  not_audio: 'unsupported_media_type',
  unsupported_audio: 'unsupported_media_type',
  needs_ffmpeg: speechErrors.no_decoder,
  damaged_audio: speechErrors.damaged_audio,
  decoding_timed_out: speechErrors.damaged_audio,
  empty_audio: speechErrors.empty_audio,
  audio_too_long: speechErrors.audio_too_long,
};

/** Recordings that may wait to be decoded; each is held in memory. */
const MAX_WAITING = 32;

/** Reads the recordings of requests. */
@Injectable()
export class AudioReader {
  private readonly gate: Gate;

  constructor(
    private readonly media: MediaReader,
    @Inject(SETTINGS) private readonly settings: AudioSettings,
  ) {
    this.gate = new Gate(settings.maxDecoders, MAX_WAITING);
  }

  /**
   * The recording as one channel at the given rate.
   *
   * @throws ServiceError `unsupported_media_type`, `overloaded`, and the errors of the contract.
   */
  async read(media: Media, sampleRateHz: number, context: CallContext): Promise<DecodedAudio> {
    const { signal } = context;
    const { maxAudioSeconds: maxSeconds, ffmpeg } = this.settings;
    const bytes = await this.media.read(media, context);
    try {
      return await this.gate.pass(
        () => decodeAudio(bytes, { sampleRateHz, maxSeconds, signal, ffmpeg }),
        signal,
      );
    } catch (error) {
      if (!(error instanceof AudioError)) throw error;
      throw new ServiceError(ERRORS[error.code], error.message, { cause: error });
    }
  }
}
