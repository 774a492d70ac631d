/** A WAV file of given samples; what its header says can be made to lie. */
export interface WavFixture {
  readonly channels: readonly (readonly number[])[];
  readonly sampleRateHz?: number;
  readonly tag?: number;
  readonly bitsPerSample?: number;
  readonly isExtensible?: boolean;
  /** What the header says of the samples' bytes, when it is not the truth. */
  readonly declaredBytes?: number;
}

type Writer = (view: DataView, offset: number, value: number) => void;

const WRITERS: Readonly<Record<string, Writer>> = {
  '1/8': (view, offset, value) => view.setUint8(offset, Math.round(value * 127) + 128),
  '1/16': (view, offset, value) => view.setInt16(offset, Math.round(value * 32_767), true),
  '1/24': (view, offset, value) => {
    const integer = Math.round(value * 8_388_607);
    view.setUint16(offset, integer & 0xffff, true);
    view.setInt8(offset + 2, integer >> 16);
  },
  '1/32': (view, offset, value) => view.setInt32(offset, Math.round(value * 2_147_483_647), true),
  '3/32': (view, offset, value) => view.setFloat32(offset, value, true),
  '3/64': (view, offset, value) => view.setFloat64(offset, value, true),
  /** G.711: the values are codes. */
  '6/8': (view, offset, value) => view.setUint8(offset, value),
  '7/8': (view, offset, value) => view.setUint8(offset, value),
};

export function wavFile(fixture: WavFixture): Uint8Array {
  const { channels, sampleRateHz = 16_000, tag = 1, bitsPerSample = 16, isExtensible = false } = fixture;
  const formatBytes = isExtensible ? 40 : 16;
  const frameBytes = (channels.length * bitsPerSample) / 8;
  const frames = channels[0]?.length ?? 0;
  const bytes = new Uint8Array(28 + formatBytes + frames * frameBytes);
  const view = new DataView(bytes.buffer);
  const text = (offset: number, value: string) => bytes.set(Buffer.from(value, 'latin1'), offset);
  text(0, 'RIFF');
  view.setUint32(4, bytes.length - 8, true);
  text(8, 'WAVEfmt ');
  view.setUint32(16, formatBytes, true);
  view.setUint16(20, isExtensible ? 0xfffe : tag, true);
  view.setUint16(22, channels.length, true);
  view.setUint32(24, sampleRateHz, true);
  view.setUint32(28, sampleRateHz * frameBytes, true);
  view.setUint16(32, frameBytes, true);
  view.setUint16(34, bitsPerSample, true);
  if (isExtensible) view.setUint16(44, tag, true);
  text(20 + formatBytes, 'data');
  view.setUint32(24 + formatBytes, fixture.declaredBytes ?? frames * frameBytes, true);
  const write = WRITERS[`${tag}/${bitsPerSample}`];
  for (let frame = 0; frame < frames; frame++) {
    channels.forEach((channel, index) => {
      const offset = 28 + formatBytes + frame * frameBytes + (index * bitsPerSample) / 8;
      write?.(view, offset, channel[frame] as number);
    });
  }
  return bytes;
}
