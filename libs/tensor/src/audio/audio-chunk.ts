/** A stretch of decoded audio: one array a channel, all of one length, full scale at -1 and 1. */
export interface AudioChunk {
  readonly channels: readonly Float32Array[];
  readonly sampleRateHz: number;
}
