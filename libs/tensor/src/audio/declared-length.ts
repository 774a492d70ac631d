import { findMp3Frame, type AudioFormat } from './audio-format.js';
import { mpegFrameAt } from './mpeg-frame.js';

/**
 * How many frames (one sample a channel) a compressed file says that it holds, by FLAC's stream information or an
 * MP3 encoder's Xing header; undefined when it does not say.
 *
 * @source RFC 9639, section 8.2; Xing VBR header of the LAME project
 */
export function declaredFrames(bytes: Uint8Array, format: AudioFormat): number | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (format === 'flac' && bytes.length >= 26) {
    const total = (view.getUint8(21) & 15) * 2 ** 32 + view.getUint32(22);
    return total === 0 ? undefined : total;
  }
  return format === 'mp3' ? xingFrames(view, bytes) : undefined;
}

function xingFrames(view: DataView, bytes: Uint8Array): number | undefined {
  const start = findMp3Frame(bytes);
  const frame = start === null ? null : mpegFrameAt(bytes, start);
  if (start === null || frame === null) return undefined;
  const xing = start + frame.xingOffset;
  if (xing + 12 > bytes.length) return undefined;
  const mark = String.fromCharCode(...bytes.subarray(xing, xing + 4));
  const hasFrames = (view.getUint32(xing + 4) & 1) === 1;
  return (mark === 'Xing' || mark === 'Info') && hasFrames
    ? view.getUint32(xing + 8) * frame.samples
    : undefined;
}

/**
 * Whether an Ogg file ends with a whole page that is marked as the last.
 *
 * @source RFC 3533, section 6
 */
export function endsWithLastPage(bytes: Uint8Array): boolean {
  const start = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).lastIndexOf('OggS');
  const segments = bytes[start + 26];
  if (start < 0 || segments === undefined || ((bytes[start + 5] as number) & 4) === 0) return false;
  const table = bytes.subarray(start + 27, start + 27 + segments);
  const pageBytes = 27 + segments + table.reduce((sum, length) => sum + length, 0);
  return start + pageBytes <= bytes.length;
}
