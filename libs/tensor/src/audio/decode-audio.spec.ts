import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { decodeAudio } from './decode-audio.js';
import { wavFile } from './wav.fixture.js';

const limits = { sampleRateHz: 16_000, maxSeconds: 2 };
const golden = (name: string) => readFile(new URL(`golden/${name}`, import.meta.url));

describe('decodeAudio', () => {
  it('gives what its thread read', async () => {
    const audio = await decodeAudio(await golden('tone.mp3'), limits);
    expect(audio).toMatchObject({
      format: 'mp3',
      sampleRateHz: 16_000,
      sourceRateHz: 44_100,
      sourceChannels: 2,
    });
    expect(audio.samples.length / 16_000).toBeCloseTo(0.5, 2);
  });

  it('passes on why its thread refused', async () => {
    const damaged = (await golden('tone.flac')).subarray(0, 60);
    await expect(decodeAudio(damaged, limits)).rejects.toMatchObject({
      name: 'AudioError',
      code: 'damaged_audio',
    });
  });

  it('stops when the caller goes, with the reason', async () => {
    const gone = new AbortController();
    const decoding = decodeAudio(wavFile({ channels: [[0, 0]] }), { ...limits, signal: gone.signal });
    gone.abort(new Error('the caller went'));
    await expect(decoding).rejects.toThrow('the caller went');
  });

  it('stops at its time limit', async () => {
    const decoding = decodeAudio(wavFile({ channels: [[0, 0]] }), { ...limits, timeLimitMs: 1 });
    await expect(decoding).rejects.toMatchObject({ code: 'decoding_timed_out' });
  });
});

describe('decodeAudio of M4A', () => {
  let folder: string;
  const m4a = () => golden('tone.m4a');

  /** A program in the place of ffmpeg. */
  async function ffmpeg(script: string): Promise<string> {
    const program = join(folder, `ffmpeg-${script.length}`);
    await writeFile(program, `#!/bin/sh\n${script}\n`);
    await chmod(program, 0o700);
    return program;
  }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ganglion-ffmpeg-test-'));
  });

  afterAll(() => rm(folder, { recursive: true }));

  it('gives the samples that ffmpeg writes', async () => {
    // 0.5 as little-endian float32, twice; and proof that it got the file.
    const program = await ffmpeg(`grep -q ftyp "\${12}" && printf '\\0\\0\\0\\077\\0\\0\\0\\077'`);
    const audio = await decodeAudio(await m4a(), { ...limits, ffmpeg: program });
    expect([...audio.samples]).toEqual([0.5, 0.5]);
    expect(audio.format).toBe('mp4');
  });

  it('says that ffmpeg is needed when there is none', async () => {
    await expect(decodeAudio(await m4a(), { ...limits, ffmpeg: join(folder, 'none') })).rejects.toMatchObject(
      {
        code: 'needs_ffmpeg',
      },
    );
  });

  it('does not trust an exit code of 0 without samples', async () => {
    const program = await ffmpeg('exit 0');
    await expect(decodeAudio(await m4a(), { ...limits, ffmpeg: program })).rejects.toMatchObject({
      code: 'damaged_audio',
    });
  });

  it('refuses audio that ffmpeg cut at the limit', async () => {
    const program = await ffmpeg('head -c 192000 /dev/zero');
    await expect(decodeAudio(await m4a(), { ...limits, ffmpeg: program })).rejects.toMatchObject({
      code: 'audio_too_long',
    });
  });

  it('ends an ffmpeg that hangs', async () => {
    const program = await ffmpeg('exec sleep 60');
    const started = performance.now();
    await expect(
      decodeAudio(await m4a(), { ...limits, ffmpeg: program, timeLimitMs: 300 }),
    ).rejects.toMatchObject({ code: 'decoding_timed_out' });
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});
