import { AudioError } from './audio-error.js';
import { mpegFrameAt } from './mpeg-frame.js';

/** A kind of audio file, as its bytes tell. `mp4`, `aac` and `webm` are read by ffmpeg alone. */
export type AudioFormat =
  'wav' | 'mp3' | 'flac' | 'ogg-flac' | 'ogg-vorbis' | 'ogg-opus' | 'mp4' | 'aac' | 'webm';

/** How far into a file the first frame of an MP3 is looked for: junk before it is common. */
const MP3_SEARCH_BYTES = 16_384;

/**
 * What kind of audio the bytes are, whatever their name or their declared type say.
 *
 * @throws AudioError not_audio when they are nothing that is known; unsupported_audio when they are an Ogg file of
 *   another codec, or WAV in another byte order.
 */
export function audioFormatOf(bytes: Uint8Array): AudioFormat {
  const start = id3Bytes(bytes);
  const format = formatAt(bytes, start) ?? (findMp3Frame(bytes, start) === null ? null : 'mp3');
  if (format === null) {
    throw new AudioError(
      'not_audio',
      'The bytes are no audio that is known: send WAV, MP3, FLAC, Ogg Vorbis, Ogg Opus or M4A.',
    );
  }
  return format;
}

/** Where the first MPEG audio frame starts that another follows or that ends the file; null when there is none. */
export function findMp3Frame(bytes: Uint8Array, from = id3Bytes(bytes)): number | null {
  const end = Math.min(bytes.length - 4, from + MP3_SEARCH_BYTES);
  for (let offset = from; offset <= end; offset++) {
    const frame = mpegFrameAt(bytes, offset);
    if (frame === null) continue;
    const next = offset + frame.bytes;
    if (next >= bytes.length ? offset === from : mpegFrameAt(bytes, next) !== null) return offset;
  }
  return null;
}

function formatAt(bytes: Uint8Array, start: number): AudioFormat | null {
  const text = (offset: number, length: number) =>
    String.fromCharCode(...bytes.subarray(start + offset, start + offset + length));
  switch (text(0, 4)) {
    case 'RIFF':
    case 'RF64':
      return text(8, 4) === 'WAVE' ? 'wav' : null;
    case 'RIFX':
      throw new AudioError('unsupported_audio', 'The WAV file is big-endian (RIFX): send little-endian WAV.');
    case 'fLaC':
      return 'flac';
    case 'OggS':
      return oggFormat(text(28, 80));
    case '\x1aE\xdf\xa3':
      return 'webm';
  }
  if (text(4, 4) === 'ftyp') return 'mp4';
  const [first = 0, second = 0] = bytes.subarray(start, start + 2);
  return first === 0xff && (second & 0xf6) === 0xf0 ? 'aac' : null;
}

/** @param page What of an Ogg file's first page lies near its first packet. */
function oggFormat(page: string): AudioFormat {
  if (page.startsWith('OpusHead')) return 'ogg-opus';
  if (page.startsWith('\x01vorbis')) return 'ogg-vorbis';
  if (page.startsWith('\x7fFLAC')) return 'ogg-flac';
  throw new AudioError('unsupported_audio', 'The Ogg file holds neither Vorbis, Opus nor FLAC.');
}

/**
 * The bytes of the ID3v2 tag that a file starts with; 0 when it has none.
 *
 * @source ID3 tag version 2.4.0, section 3.1
 */
function id3Bytes(bytes: Uint8Array): number {
  if (bytes.length < 10 || String.fromCharCode(...bytes.subarray(0, 3)) !== 'ID3') return 0;
  const [a = 0, b = 0, c = 0, d = 0] = bytes.subarray(6, 10);
  const size = ((a & 127) << 21) | ((b & 127) << 14) | ((c & 127) << 7) | (d & 127);
  const hasFooter = ((bytes[5] as number) & 0x10) !== 0;
  return 10 + size + (hasFooter ? 10 : 0);
}
