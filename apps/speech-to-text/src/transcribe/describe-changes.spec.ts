import { describe, expect, it } from '@jest/globals';
import { describeChanges } from './describe-changes.js';

const clean = {
  format: 'wav',
  samples: new Float32Array(1_000),
  sampleRateHz: 16_000,
  sourceRateHz: 16_000,
  sourceChannels: 1,
  invalidFrames: 0,
  brokenFrames: 0,
  clippedSamples: 0,
  isCutShort: false,
} as const;

describe('describeChanges', () => {
  it('has nothing to say of a recording that was taken as it is', () => {
    expect(describeChanges(clean)).toEqual([]);
    expect(describeChanges({ ...clean, clippedSamples: 1 })).toEqual([]);
  });

  it.each([
    [{ sourceChannels: 2 }, 'The recording was mixed from 2 channels to one.'],
    [{ sourceRateHz: 44_100 }, 'The recording was resampled from 44100 to 16000 Hz.'],
    [{ format: 'mp4' }, 'The recording was decoded by ffmpeg to one channel of 16000 Hz.'],
    [{ isCutShort: true }, expect.stringContaining('cut short')],
    [{ brokenFrames: 3 }, expect.stringContaining('3 of its frames')],
    [{ invalidFrames: 4 }, expect.stringContaining('4 samples are no numbers')],
    [{ clippedSamples: 5 }, expect.stringContaining('5 samples are beyond full scale')],
  ] as const)('says of %j: %s', (change, sentence) => {
    expect(describeChanges({ ...clean, ...change })).toEqual([sentence]);
  });
});
