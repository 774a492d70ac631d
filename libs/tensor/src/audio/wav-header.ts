import { AudioError } from './audio-error.js';

export type WavEncoding = 'pcm' | 'float' | 'a-law' | 'mu-law';

/** How the samples of a WAV file lie in it. */
export interface WavHeader {
  readonly encoding: WavEncoding;
  readonly bitsPerSample: number;
  readonly channels: number;
  readonly sampleRateHz: number;
  /** Where the samples start, and how many frames (one sample a channel) are there. */
  readonly dataOffset: number;
  readonly frames: number;
  /** Whether the header says that there are more samples than there are. */
  readonly isCutShort: boolean;
}

const ENCODINGS: Readonly<Record<number, WavEncoding>> = { 1: 'pcm', 3: 'float', 6: 'a-law', 7: 'mu-law' };
const SAMPLE_BITS: Readonly<Record<WavEncoding, readonly number[]>> = {
  pcm: [8, 16, 24, 32],
  float: [32, 64],
  'a-law': [8],
  'mu-law': [8],
};
const EXTENSIBLE = 0xfffe;
/** What a writer puts for a length that it does not know, and RF64 for one that lies elsewhere. */
const UNKNOWN_LENGTH = 0xffff_ffff;
const MAX_CHANNELS = 64;

/**
 * Finds the samples of a WAV file by its chunks. Lengths in the header are compared with the bytes that are there.
 *
 * @throws AudioError damaged_audio when the header is broken or contradicts itself; unsupported_audio when the samples
 *   are in a coding that is not read.
 * @source Microsoft, "Multiple channel audio data and WAVE files"; EBU Tech 3306 for RF64
 */
export function parseWavHeader(bytes: Uint8Array): WavHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let format: Format | undefined;
  for (let offset = 12; offset + 8 <= bytes.length;) {
    const id = String.fromCharCode(...bytes.subarray(offset, offset + 4));
    const size = view.getUint32(offset + 4, true);
    const content = offset + 8;
    if (id === 'fmt ') format = parseFormat(view, content, size);
    if (id === 'data') {
      if (format === undefined) throw damaged('its samples come before their description');
      return {
        ...format,
        ...measureData(format, content, { declared: size, present: bytes.length - content }),
      };
    }
    offset = content + size + (size % 2);
  }
  throw damaged('it has no samples chunk');
}

interface Format {
  readonly encoding: WavEncoding;
  readonly bitsPerSample: number;
  readonly channels: number;
  readonly sampleRateHz: number;
}

function parseFormat(view: DataView, offset: number, size: number): Format {
  if (size < 16 || offset + size > view.byteLength) throw damaged('its format chunk is cut short');
  const tag = view.getUint16(offset, true);
  const channels = view.getUint16(offset + 2, true);
  const sampleRateHz = view.getUint32(offset + 4, true);
  const frameBytes = view.getUint16(offset + 12, true);
  const bitsPerSample = view.getUint16(offset + 14, true);
  // Extensible: the first two bytes of the sub-format's GUID are the tag.
  const isExtensible = tag === EXTENSIBLE && size >= 40;
  const encoding = ENCODINGS[isExtensible ? view.getUint16(offset + 24, true) : tag];
  if (encoding === undefined || !SAMPLE_BITS[encoding].includes(bitsPerSample)) {
    throw new AudioError(
      'unsupported_audio',
      `The WAV file is in a coding that is not read (tag ${tag}, ${bitsPerSample} bits): send PCM of 8, 16, 24 or 32 bits, ` +
        'float of 32 or 64 bits, A-law or mu-law.',
    );
  }
  if (channels === 0 || channels > MAX_CHANNELS) throw damaged(`it claims ${channels} channels`);
  if (frameBytes !== (channels * bitsPerSample) / 8)
    throw damaged('the sizes in its format chunk contradict each other');
  return { encoding, bitsPerSample, channels, sampleRateHz };
}

function measureData(
  format: Format,
  dataOffset: number,
  bytes: { readonly declared: number; readonly present: number },
): Pick<WavHeader, 'dataOffset' | 'frames' | 'isCutShort'> {
  const frameBytes = (format.channels * format.bitsPerSample) / 8;
  const frames = Math.floor(Math.min(bytes.declared, bytes.present) / frameBytes);
  const isCutShort = bytes.declared > bytes.present && bytes.declared !== UNKNOWN_LENGTH;
  return { dataOffset, frames, isCutShort };
}

function damaged(why: string): AudioError {
  return new AudioError('damaged_audio', `The WAV file is damaged: ${why}.`);
}
