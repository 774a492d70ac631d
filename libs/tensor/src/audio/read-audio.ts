import { audioFormatOf, findMp3Frame, type AudioFormat } from './audio-format.js';
import { AudioError } from './audio-error.js';
import { declaredFrames, endsWithLastPage } from './declared-length.js';
import { MonoTrack, type MonoAudio } from './mono-track.js';
import { mpegFrameAt } from './mpeg-frame.js';
import type { CompressedFormat } from './read-compressed.js';
import { readWav } from './read-wav.js';
import { parseWavHeader } from './wav-header.js';

export interface AudioLimits {
  /** Rate of the result. */
  readonly sampleRateHz: number;
  /** Longer audio is refused while it is decoded, before its memory is spent. */
  readonly maxSeconds: number;
}

/** Audio that was read: one channel at the rate that was asked for, and what is to be said of its source. */
export interface DecodedAudio extends MonoAudio {
  readonly format: AudioFormat;
  readonly sampleRateHz: number;
  /** Whether the file says that it holds more than it does. */
  readonly isCutShort: boolean;
  /** Frames of compressed audio that the decoder could not read. */
  readonly brokenFrames: number;
}

/**
 * Reads audio in the thread that calls, by decoders that may meet bytes made to break them: see `decodeAudio`.
 *
 * @throws AudioError
 */
export async function readAudio(bytes: Uint8Array, limits: AudioLimits): Promise<DecodedAudio> {
  const format = audioFormatOf(bytes);
  const track = new MonoTrack(limits.sampleRateHz, limits.maxSeconds);
  const read =
    format === 'wav' ? addWav(track, bytes) : await addCompressed(track, bytes, format as CompressedFormat);
  return { format, sampleRateHz: limits.sampleRateHz, ...track.finish(), ...read };
}

type Read = Pick<DecodedAudio, 'isCutShort' | 'brokenFrames'> & Partial<Pick<DecodedAudio, 'sourceChannels'>>;

function addWav(track: MonoTrack, bytes: Uint8Array): Read {
  const header = parseWavHeader(bytes);
  for (const chunk of readWav(bytes, header)) track.add(chunk);
  return { isCutShort: header.isCutShort, brokenFrames: 0 };
}

async function addCompressed(track: MonoTrack, bytes: Uint8Array, format: CompressedFormat): Promise<Read> {
  // The decoders are loaded when there is something for them: a thread that reads WAV starts faster without.
  const { readCompressed } = await import('./read-compressed.js');
  let frames = 0;
  let brokenFrames = 0;
  for await (const chunk of readCompressed(bytes, format)) {
    track.add(chunk);
    frames += chunk.channels[0]?.length ?? 0;
    brokenFrames += chunk.brokenFrames;
  }
  if (frames === 0) {
    throw new AudioError(
      'damaged_audio',
      `The ${format} file is damaged or empty: not one sample came out of it.`,
    );
  }
  return { isCutShort: isCutShort(bytes, format, frames), brokenFrames, ...mp3Channels(bytes, format) };
}

/** An encoder's delay, which the decoder leaves out, is at most some MP3 frames. */
const SLACK_FRAMES = 4 * 1_152;

function isCutShort(bytes: Uint8Array, format: CompressedFormat, frames: number): boolean {
  if (format.startsWith('ogg')) return !endsWithLastPage(bytes);
  return frames + SLACK_FRAMES < (declaredFrames(bytes, format) ?? 0);
}

/** The MP3 decoder gives two channels for mono files too: their header has the truth. */
function mp3Channels(bytes: Uint8Array, format: CompressedFormat): { sourceChannels?: number } {
  const start = format === 'mp3' ? findMp3Frame(bytes) : null;
  const frame = start === null ? null : mpegFrameAt(bytes, start);
  return frame === null ? {} : { sourceChannels: frame.channels };
}
