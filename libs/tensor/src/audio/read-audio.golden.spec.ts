import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { audioFormatOf } from './audio-format.js';
import { readAudio } from './read-audio.js';

const file = (name: string): Uint8Array => readFileSync(new URL(`golden/${name}`, import.meta.url));

/** `chord` of tools/golden/audio.py, mixed to one channel. */
function chord(channels: number, seconds: number): number {
  const first = 0.4 * Math.sin(2 * Math.PI * 440 * seconds);
  return channels === 1 ? first : (first + 0.3 * Math.sin(2 * Math.PI * 660 * seconds)) / 2;
}

/** The greatest difference to the chord, away from the ends, where coders fade and resamplers ring. */
function worstDifference(samples: Float32Array, channels: number): number {
  const differences = [...samples].map((value, index) => Math.abs(value - chord(channels, index / 16_000)));
  return Math.max(...differences.slice(800, 7_000));
}

describe('readAudio reads what libsndfile and ffmpeg wrote (tools/golden/audio.py)', () => {
  it.each([
    ['tone.flac', 'flac', 44_100, 2, 1e-3],
    ['tone-flac.ogg', 'ogg-flac', 44_100, 2, 1e-3],
    ['tone.mp3', 'mp3', 44_100, 2, 0.02],
    ['tone-mono.mp3', 'mp3', 22_050, 1, 0.02],
    ['tone-vorbis.ogg', 'ogg-vorbis', 44_100, 2, 0.03],
    ['tone-opus.ogg', 'ogg-opus', 48_000, 1, 0.03],
  ])('%s', async (name, ...expected) => {
    const [format, sourceRateHz, sourceChannels, tolerance] = expected;
    const audio = await readAudio(file(name), { sampleRateHz: 16_000, maxSeconds: 1 });
    expect(audio).toMatchObject({ format, sourceRateHz, sourceChannels, isCutShort: false, brokenFrames: 0 });
    expect(audio.samples.length / 16_000).toBeCloseTo(0.5, 2);
    expect(worstDifference(audio.samples, sourceChannels)).toBeLessThan(tolerance);
  });

  it.each(['tone.flac', 'tone.mp3', 'tone-vorbis.ogg', 'tone-opus.ogg'])(
    'gives what is there of a cut %s and says so',
    async (name) => {
      const whole = file(name);
      const cut = whole.subarray(0, Math.floor(whole.length * 0.8));
      const { samples, isCutShort } = await readAudio(cut, { sampleRateHz: 16_000, maxSeconds: 1 });
      expect(isCutShort).toBe(true);
      expect(samples.length).toBeGreaterThan(0);
      expect(samples.length).toBeLessThan(8_000);
    },
  );

  it('refuses audio above the limit while it decodes', async () => {
    await expect(
      readAudio(file('tone.mp3'), { sampleRateHz: 16_000, maxSeconds: 0.2 }),
    ).rejects.toMatchObject({
      code: 'audio_too_long',
    });
  });

  it('tells an M4A by its bytes', () => {
    expect(audioFormatOf(file('tone.m4a'))).toBe('mp4');
  });
});
