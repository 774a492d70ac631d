import type { AudioChunk } from './audio-chunk.js';
import { AudioError } from './audio-error.js';
import { Resampler } from './resampler.js';

const MIN_SAMPLE_RATE_HZ = 1_000;
const MAX_SAMPLE_RATE_HZ = 192_000;

/** What became of the chunks that a {@link MonoTrack} took. */
export interface MonoAudio {
  /** One channel at the rate that was asked for, -1..1. */
  readonly samples: Float32Array;
  /** Rate and channels of the first chunk. */
  readonly sourceRateHz: number;
  readonly sourceChannels: number;
  /** Frames with a sample that is no finite number; they became silence. */
  readonly invalidFrames: number;
  /** Samples that went beyond full scale and were clipped to it. */
  readonly clippedSamples: number;
}

/**
 * Takes decoded audio as it comes and keeps only one channel of it at one rate, so that memory follows the length of
 * the audio and neither its channels nor its rate.
 */
export class MonoTrack {
  private readonly pieces: Float32Array[] = [];
  private length = 0;
  private resampler: Resampler | undefined;
  private rateHz = 0;
  private source: { readonly sourceRateHz: number; readonly sourceChannels: number } | undefined;
  private invalidFrames = 0;
  private clippedSamples = 0;

  constructor(
    private readonly sampleRateHz: number,
    private readonly maxSeconds: number,
  ) {}

  /**
   * @throws AudioError audio_too_long as soon as the limit is passed; unsupported_audio for a rate that no recorder
   *   has.
   */
  add({ channels, sampleRateHz }: AudioChunk): void {
    if ((channels[0]?.length ?? 0) === 0) return;
    this.source ??= { sourceRateHz: sampleRateHz, sourceChannels: channels.length };
    this.keep(this.resamplerFrom(sampleRateHz).push(this.mix(channels)));
  }

  /** @throws AudioError empty_audio when there was not one sample. */
  finish(): MonoAudio {
    if (this.source === undefined)
      throw new AudioError('empty_audio', 'The audio has no samples: it lasts 0 seconds.');
    this.keep(this.resampler?.finish() ?? new Float32Array(0));
    const samples = new Float32Array(this.length);
    let offset = 0;
    for (const piece of this.pieces) {
      samples.set(piece, offset);
      offset += piece.length;
    }
    const { invalidFrames, clippedSamples } = this;
    return { samples, ...this.source, invalidFrames, clippedSamples };
  }

  /** A file may change its rate on the way (chained Ogg): what came before is finished first. */
  private resamplerFrom(rateHz: number): Resampler {
    if (this.resampler !== undefined && this.rateHz === rateHz) return this.resampler;
    if (rateHz < MIN_SAMPLE_RATE_HZ || rateHz > MAX_SAMPLE_RATE_HZ) {
      throw new AudioError(
        'unsupported_audio',
        `The audio claims ${rateHz} samples a second: rates from ${MIN_SAMPLE_RATE_HZ} to ${MAX_SAMPLE_RATE_HZ} are read.`,
      );
    }
    if (this.resampler !== undefined) this.keep(this.resampler.finish());
    this.rateHz = rateHz;
    this.resampler = new Resampler(rateHz, this.sampleRateHz);
    return this.resampler;
  }

  /** The mean over the channels of each frame. */
  private mix(channels: readonly Float32Array[]): Float32Array {
    const mono = new Float32Array((channels[0] as Float32Array).length);
    for (const channel of channels) {
      for (let frame = 0; frame < mono.length; frame++) (mono[frame] as number) += channel[frame] as number;
    }
    for (let frame = 0; frame < mono.length; frame++) {
      const value = (mono[frame] as number) / channels.length;
      mono[frame] = Number.isFinite(value) ? value : 0;
      if (!Number.isFinite(value)) this.invalidFrames++;
    }
    return mono;
  }

  private keep(piece: Float32Array): void {
    this.length += piece.length;
    if (this.length > this.maxSeconds * this.sampleRateHz) {
      throw new AudioError(
        'audio_too_long',
        `The audio is longer than ${this.maxSeconds} seconds: cut it into parts and send each.`,
      );
    }
    this.clippedSamples += clip(piece);
    this.pieces.push(piece);
  }
}

/** Clips in place; gives the number of samples that were beyond full scale. */
function clip(samples: Float32Array): number {
  let clipped = 0;
  samples.forEach((value, index) => {
    if (Math.abs(value) <= 1) return;
    samples[index] = Math.sign(value);
    clipped++;
  });
  return clipped;
}
