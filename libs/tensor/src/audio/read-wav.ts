import type { AudioChunk } from './audio-chunk.js';
import { decodeALaw, decodeMuLaw } from './g711.js';
import type { WavHeader } from './wav-header.js';

/** Frames of one chunk: with the most channels 4 MiB as float32. */
const CHUNK_FRAMES = 16_384;

/** Reads the samples of a WAV file, a stretch at a time. */
export function* readWav(bytes: Uint8Array, header: WavHeader): Generator<AudioChunk> {
  const { channels, bitsPerSample, dataOffset, frames, sampleRateHz } = header;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const readSample = sampleReader(header);
  const sampleBytes = bitsPerSample / 8;
  for (let first = 0; first < frames; first += CHUNK_FRAMES) {
    const count = Math.min(CHUNK_FRAMES, frames - first);
    const chunk = Array.from({ length: channels }, () => new Float32Array(count));
    let offset = dataOffset + first * channels * sampleBytes;
    for (let frame = 0; frame < count; frame++) {
      for (const channel of chunk) {
        channel[frame] = readSample(view, offset);
        offset += sampleBytes;
      }
    }
    yield { channels: chunk, sampleRateHz };
  }
}

type SampleReader = (view: DataView, offset: number) => number;

/** Reads one sample as -1..1; PCM of 8 bits is unsigned, the wider ones are signed. */
function sampleReader({ encoding, bitsPerSample }: WavHeader): SampleReader {
  switch (`${encoding} ${bitsPerSample}`) {
    case 'pcm 8':
      return (view, offset) => (view.getUint8(offset) - 128) / 2 ** 7;
    case 'pcm 16':
      return (view, offset) => view.getInt16(offset, true) / 2 ** 15;
    case 'pcm 24':
      return (view, offset) => (view.getUint16(offset, true) + view.getInt8(offset + 2) * 2 ** 16) / 2 ** 23;
    case 'pcm 32':
      return (view, offset) => view.getInt32(offset, true) / 2 ** 31;
    case 'float 32':
      return (view, offset) => view.getFloat32(offset, true);
    case 'float 64':
      return (view, offset) => view.getFloat64(offset, true);
    case 'a-law 8':
      return (view, offset) => decodeALaw(view.getUint8(offset));
    default:
      return (view, offset) => decodeMuLaw(view.getUint8(offset));
  }
}
