import { FLACDecoder } from '@wasm-audio-decoders/flac';
import { OggVorbisDecoder } from '@wasm-audio-decoders/ogg-vorbis';
import { MPEGDecoder } from 'mpg123-decoder';
import { OggOpusDecoder } from 'ogg-opus-decoder';
import type { AudioChunk } from './audio-chunk.js';
import { AudioError } from './audio-error.js';
import type { AudioFormat } from './audio-format.js';

/** The formats that decoders in WebAssembly read. */
export type CompressedFormat = Extract<AudioFormat, 'mp3' | 'flac' | 'ogg-flac' | 'ogg-vorbis' | 'ogg-opus'>;

interface Decoded {
  readonly channelData: readonly Float32Array[];
  readonly sampleRate: number;
  readonly errors: readonly unknown[];
}

/** What the decoders have in common. */
interface Decoder {
  readonly ready: Promise<unknown>;
  decode(bytes: Uint8Array): Decoded | Promise<Decoded>;
  flush?(): Promise<Decoded>;
  free(): unknown;
}

const DECODERS: Readonly<Record<CompressedFormat, () => Decoder>> = {
  mp3: () => new MPEGDecoder(),
  flac: () => new FLACDecoder(),
  'ogg-flac': () => new FLACDecoder(),
  'ogg-vorbis': () => new OggVorbisDecoder(),
  'ogg-opus': () => new OggOpusDecoder(),
};

/**
 * Bytes that a decoder gets at once. Few, for silence can be packed a hundred thousand to one, and what comes out of
 * one piece is in memory before its length is known.
 */
const FEED_BYTES = 2_048;

/** Decodes a compressed file a stretch at a time; says by the flag how many of its frames were broken. */
export async function* readCompressed(
  bytes: Uint8Array,
  format: CompressedFormat,
): AsyncGenerator<AudioChunk & { readonly brokenFrames: number }> {
  const decoder = DECODERS[format]();
  await decoder.ready;
  try {
    for (let offset = 0; offset < bytes.length; offset += FEED_BYTES) {
      yield toChunk(await decoder.decode(bytes.subarray(offset, offset + FEED_BYTES)));
    }
    if (decoder.flush !== undefined) yield toChunk(await decoder.flush());
  } catch (error) {
    if (error instanceof AudioError) throw error;
    throw new AudioError('damaged_audio', `The ${format} file could not be decoded: it is damaged.`, error);
  } finally {
    decoder.free();
  }
}

function toChunk({ channelData, sampleRate, errors }: Decoded) {
  return { channels: channelData, sampleRateHz: sampleRate, brokenFrames: errors.length };
}
