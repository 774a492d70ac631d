import { describe, expect, it } from '@jest/globals';
import { readAudio } from './read-audio.js';
import { wavFile, type WavFixture } from './wav.fixture.js';

const limits = { sampleRateHz: 16_000, maxSeconds: 1 };
const readWav = (fixture: WavFixture) => readAudio(wavFile(fixture), limits);
const constant = (value: number, length: number) => Array.from({ length }, () => value);

describe('readAudio of WAV', () => {
  it('mixes the channels by their mean', async () => {
    const { samples, sourceChannels } = await readWav({
      channels: [constant(0.5, 100), constant(0.25, 100)],
    });
    expect(sourceChannels).toBe(2);
    samples.forEach((value) => expect(value).toBeCloseTo(0.375, 4));
  });

  it('takes 8 channels at 192 kHz', async () => {
    const channels = Array.from({ length: 8 }, () => constant(0.5, 19_200));
    const { samples, sourceRateHz } = await readWav({ channels, sampleRateHz: 192_000 });
    expect(sourceRateHz).toBe(192_000);
    expect(samples.length).toBe(1_600);
    expect(samples[800]).toBeCloseTo(0.5, 3);
  });

  it('takes what is no number as silence, and counts it', async () => {
    const { samples, invalidFrames } = await readWav({
      channels: [[0.5, NaN, Infinity, -Infinity, 0.5]],
      tag: 3,
      bitsPerSample: 32,
    });
    expect([...samples]).toEqual([0.5, 0, 0, 0, 0.5]);
    expect(invalidFrames).toBe(3);
  });

  it('clips what is beyond full scale, and counts it', async () => {
    const { samples, clippedSamples } = await readWav({
      channels: [[0.5, 7, -1e30]],
      tag: 3,
      bitsPerSample: 32,
    });
    expect([...samples]).toEqual([0.5, 1, -1]);
    expect(clippedSamples).toBe(2);
  });

  it.each([
    ['without a sample', { channels: [[]] }, 'empty_audio'],
    ['longer than the limit', { channels: [constant(0, 16_001)] }, 'audio_too_long'],
    ['of 0 samples a second', { channels: [[0, 0]], sampleRateHz: 0 }, 'unsupported_audio'],
    ['of 4 GHz', { channels: [[0, 0]], sampleRateHz: 4e9 }, 'unsupported_audio'],
  ])('refuses audio %s', async (_what, fixture, code) => {
    await expect(readWav(fixture)).rejects.toMatchObject({ code });
  });
});

describe('readAudio of other bytes', () => {
  const latin1 = (text: string) => Buffer.from(text, 'latin1');

  it.each([
    ['a text', latin1('RIFF is how this text starts, but it is a text.'), 'not_audio'],
    ['nothing', new Uint8Array(0), 'not_audio'],
    ['three bytes', latin1('Ogg'), 'not_audio'],
    ['zeros', new Uint8Array(5_000), 'not_audio'],
    ['ones', new Uint8Array(5_000).fill(255), 'not_audio'],
    ['an ID3 tag that claims 200 MB', latin1('ID3\x04\0\0\x7f\x7f\x7f\x7fmusic'), 'not_audio'],
    ['big-endian WAV', latin1('RIFX\0\0\0\0WAVE'), 'unsupported_audio'],
    ['an Ogg file of Speex', latin1(`OggS${'\0'.repeat(24)}Speex   `), 'unsupported_audio'],
    ['a WAV of nothing but its mark', latin1('RIFF\0\0\0\0WAVE'), 'damaged_audio'],
    ['a FLAC of nothing but its mark', latin1('fLaC'), 'damaged_audio'],
    ['an Opus header alone', latin1(`OggS${'\0'.repeat(24)}OpusHead`), 'damaged_audio'],
  ])('refuses %s', async (_what, bytes, code) => {
    await expect(readAudio(bytes, limits)).rejects.toMatchObject({ code });
  });
});
