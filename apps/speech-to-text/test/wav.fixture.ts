/** A WAV file of 32-bit float samples, each channel the same. */
export function floatWav(samples: Float32Array, sampleRateHz = 16_000, channels = 1): Uint8Array {
  const header = Buffer.alloc(44);
  header.write('RIFF', 0, 'latin1');
  header.writeUInt32LE(36 + samples.byteLength * channels, 4);
  header.write('WAVEfmt ', 8, 'latin1');
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(3, 20);
  header.writeUInt16LE(channels, 22);
  header.writeUInt32LE(sampleRateHz, 24);
  header.writeUInt32LE(sampleRateHz * 4 * channels, 28);
  header.writeUInt16LE(4 * channels, 32);
  header.writeUInt16LE(32, 34);
  header.write('data', 36, 'latin1');
  header.writeUInt32LE(samples.byteLength * channels, 40);
  const frames = new Float32Array(samples.length * channels);
  for (let index = 0; index < frames.length; index++) {
    frames[index] = samples[Math.floor(index / channels)] as number;
  }
  return Buffer.concat([header, Buffer.from(frames.buffer)]);
}

/** The samples of a WAV file of 16-bit PCM in one channel, -1..1. */
export function pcmSamples(file: Uint8Array): Float32Array {
  const bytes = Buffer.from(file);
  const start = bytes.indexOf('data') + 8;
  const count = bytes.readUInt32LE(start - 4) / 2;
  return Float32Array.from({ length: count }, (_, index) => bytes.readInt16LE(start + index * 2) / 32_768);
}

/** The same signal at a multiple of its rate, by straight lines between its samples. */
export function upsample(samples: Float32Array, factor: number): Float32Array {
  return Float32Array.from({ length: samples.length * factor }, (_, index) => {
    const [left, part] = [Math.floor(index / factor), (index % factor) / factor];
    return (samples[left] as number) * (1 - part) + (samples[left + 1] ?? 0) * part;
  });
}
