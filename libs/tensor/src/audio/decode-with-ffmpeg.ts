import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AudioError } from './audio-error.js';
import type { AudioFormat } from './audio-format.js';
import type { AudioLimits } from './read-audio.js';

/** The formats that only ffmpeg reads, with the one demuxer of its that each may meet. */
export const FFMPEG_DEMUXERS = { mp4: 'mov', aac: 'aac', webm: 'matroska' } as const satisfies Partial<
  Record<AudioFormat, string>
>;

export type FfmpegFormat = keyof typeof FFMPEG_DEMUXERS;

export interface FfmpegOptions extends AudioLimits {
  /** Ends the process when it is aborted. */
  readonly signal: AbortSignal;
  /** Program to run; found on the PATH when it is a bare name. */
  readonly ffmpeg?: string | undefined;
}

/**
 * Decodes by ffmpeg to one channel at the rate that was asked for. The bytes go by a file: from a pipe ffmpeg can't
 * seek, reads no sample of an M4A whose index lies at its end, and still exits with 0.
 *
 * @returns Samples, -1..1; one second more than the limit when the audio is longer.
 * @throws AudioError needs_ffmpeg when there is none; damaged_audio when no sample comes out, whatever its exit code.
 */
export async function decodeWithFfmpeg(
  bytes: Uint8Array,
  format: FfmpegFormat,
  options: FfmpegOptions,
): Promise<Float32Array> {
  const folder = await mkdtemp(join(tmpdir(), 'ganglion-audio-'));
  try {
    const file = join(folder, 'audio');
    await writeFile(file, bytes, { mode: 0o600 });
    const samples = await run(
      options.ffmpeg ?? 'ffmpeg',
      ffmpegArguments(file, format, options),
      format,
      options.signal,
    );
    if (samples.length > 0) return samples;
    throw new AudioError(
      'damaged_audio',
      `The ${format} file is damaged or has no audio: not one sample came out of it.`,
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function ffmpegArguments(
  file: string,
  format: FfmpegFormat,
  { sampleRateHz, maxSeconds }: AudioLimits,
): string[] {
  // Only this file and this demuxer: a playlist or a reference inside must not make ffmpeg open another.
  const input = ['-protocol_whitelist', 'file', '-f', FFMPEG_DEMUXERS[format], '-i', file];
  // The mean over the channels: ffmpeg's own mix to one is louder, and clips.
  const mix = ['-ac', '1', '-rematrix_maxval', '1.0'];
  const output = ['-map', '0:a:0', '-t', `${maxSeconds + 1}`, ...mix, '-ar', `${sampleRateHz}`];
  return [
    '-nostdin',
    '-hide_banner',
    '-loglevel',
    'error',
    '-threads',
    '1',
    ...input,
    ...output,
    '-f',
    'f32le',
    'pipe:1',
  ];
}

function run(program: string, args: string[], format: string, signal: AbortSignal): Promise<Float32Array> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      stdio: ['ignore', 'pipe', 'ignore'],
      signal,
      killSignal: 'SIGKILL',
    });
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT' && error.code !== 'EACCES') return reject(error);
      const message = `Only ffmpeg reads ${format} files, and it is not installed here: send WAV, MP3, FLAC or Ogg instead.`;
      reject(new AudioError('needs_ffmpeg', message, error));
    });
    child.on('close', () => resolve(toSamples(Buffer.concat(chunks))));
  });
}

function toSamples(bytes: Buffer): Float32Array {
  const count = Math.floor(bytes.byteLength / Float32Array.BYTES_PER_ELEMENT);
  const samples = new Float32Array(count);
  new Uint8Array(samples.buffer).set(bytes.subarray(0, samples.byteLength));
  return samples;
}
