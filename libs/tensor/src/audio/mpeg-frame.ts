/** What the header of one MPEG audio frame says. */
export interface MpegFrame {
  readonly channels: 1 | 2;
  readonly samples: number;
  readonly bytes: number;
  /** Bytes from the frame's start to where an encoder's Xing header would lie. */
  readonly xingOffset: number;
}

/** kbit/s by bitrate index, for MPEG 1 layers I to III and for MPEG 2 layer I and layers II and III. */
const BITRATES_KBPS = {
  v1l1: [0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448],
  v1l2: [0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384],
  v1l3: [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
  v2l1: [0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256],
  v2l2: [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
} as const;
const SAMPLE_RATES_HZ = [44_100, 48_000, 32_000] as const;
/** By version index: MPEG 2.5 has a quarter of the sample rates, 1 is reserved, MPEG 2 has half of them. */
const RATE_DIVISORS = [4, 0, 2, 1] as const;

/**
 * The MPEG audio frame that starts at `offset`; null when none does. Frames of free bitrate are not known.
 *
 * @source ISO/IEC 11172-3, 2.4.2.3; ISO/IEC 13818-3 for the half sample rates, MPEG 2.5 for the quarter ones
 */
export function mpegFrameAt(bytes: Uint8Array, offset: number): MpegFrame | null {
  const [sync = 0, kind = 0, rates = 0, mode = 0] = bytes.subarray(offset, offset + 4);
  if (sync !== 0xff || (kind & 0xe0) !== 0xe0) return null;
  const isVersion1 = ((kind >> 3) & 3) === 3;
  const layer = 4 - ((kind >> 1) & 3);
  const baseRateHz = SAMPLE_RATES_HZ[(rates >> 2) & 3];
  const rateDivisor = RATE_DIVISORS[(kind >> 3) & 3];
  const bitrateKbps = bitrates(isVersion1, layer)[rates >> 4];
  if (!baseRateHz || !rateDivisor || !bitrateKbps) return null;

  const samples = layer === 1 ? 384 : layer === 3 && !isVersion1 ? 576 : 1152;
  const slotBytes = layer === 1 ? 4 : 1;
  const bytesPerSecond = bitrateKbps * 125;
  const slots =
    Math.floor((samples * bytesPerSecond * rateDivisor) / baseRateHz / slotBytes) + ((rates >> 1) & 1);
  const channels = mode >> 6 === 3 ? 1 : 2;
  return {
    channels,
    samples,
    bytes: slots * slotBytes,
    xingOffset: 4 + sideInformationBytes(isVersion1, channels),
  };
}

function sideInformationBytes(isVersion1: boolean, channels: 1 | 2): number {
  if (isVersion1) return channels === 1 ? 17 : 32;
  return channels === 1 ? 9 : 17;
}

function bitrates(isVersion1: boolean, layer: number): readonly number[] {
  if (layer === 4) return [];
  if (isVersion1) return BITRATES_KBPS[`v1l${layer as 1 | 2 | 3}`];
  return layer === 1 ? BITRATES_KBPS.v2l1 : BITRATES_KBPS.v2l2;
}
