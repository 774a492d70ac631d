import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { AudioError } from './audio-error.js';
import { audioFormatOf } from './audio-format.js';
import type { AudioReply, AudioWork } from './audio.worker.js';
import { decodeWithFfmpeg, FFMPEG_DEMUXERS, type FfmpegFormat } from './decode-with-ffmpeg.js';
import { MonoTrack } from './mono-track.js';
import type { AudioLimits, DecodedAudio } from './read-audio.js';

export interface DecodeAudioOptions extends AudioLimits {
  /** How long decoding may take; a minute unless told otherwise. */
  readonly timeLimitMs?: number;
  /** Ends the decoding when it is aborted, with its reason. */
  readonly signal?: AbortSignal;
  /** Where ffmpeg is, when it is not on the PATH. */
  readonly ffmpeg?: string;
}

const TIME_LIMIT_MS = 60_000;

/**
 * Decodes audio to one channel at one rate: WAV (PCM, float, G.711), MP3, FLAC, Ogg Vorbis, Opus and FLAC by decoders
 * of this library in a thread of their own; M4A, AAC and WebM by ffmpeg, where there is one. What the file is, its
 * bytes tell. Memory is bounded by the limit of seconds, whatever rate and channels the file has.
 *
 * @throws AudioError as its codes say.
 */
export async function decodeAudio(bytes: Uint8Array, options: DecodeAudioOptions): Promise<DecodedAudio> {
  const format = audioFormatOf(bytes);
  const timeLimit = AbortSignal.timeout(options.timeLimitMs ?? TIME_LIMIT_MS);
  const signal = options.signal === undefined ? timeLimit : AbortSignal.any([options.signal, timeLimit]);
  const { sampleRateHz, maxSeconds } = options;
  try {
    if (!isFfmpegFormat(format))
      return await decodeInThread({ bytes, limits: { sampleRateHz, maxSeconds } }, signal);
    const samples = await decodeWithFfmpeg(bytes, format, {
      sampleRateHz,
      maxSeconds,
      signal,
      ffmpeg: options.ffmpeg,
    });
    const track = new MonoTrack(sampleRateHz, maxSeconds);
    track.add({ channels: [samples], sampleRateHz });
    return { format, sampleRateHz, ...track.finish(), isCutShort: false, brokenFrames: 0 };
  } catch (error) {
    options.signal?.throwIfAborted();
    if (!timeLimit.aborted) throw error;
    throw new AudioError('decoding_timed_out', `The ${format} file could not be decoded in time.`, error);
  }
}

function isFfmpegFormat(format: string): format is FfmpegFormat {
  return format in FFMPEG_DEMUXERS;
}

function decodeInThread(work: AudioWork, signal: AbortSignal): Promise<DecodedAudio> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    // The decoders write each broken frame to the console: that goes nowhere.
    const worker = new Worker(workerFile(), { workerData: work, name: 'audio', stdout: true, stderr: true });
    worker.stdout.resume();
    worker.stderr.resume();
    const abort = () => void worker.terminate();
    signal.addEventListener('abort', abort, { once: true });
    worker.on('message', (reply: AudioReply) => {
      if ('audio' in reply) resolve(reply.audio);
      else reject(new AudioError(reply.error.code, reply.error.message));
    });
    worker.on('error', reject);
    worker.on('exit', () => {
      signal.removeEventListener('abort', abort);
      reject(damaged(signal.reason));
    });
  });
}

/** A thread that ended without a reply: its decoder failed in a way that it does not know itself. */
function damaged(cause: unknown): AudioError {
  return new AudioError('damaged_audio', 'The audio could not be decoded: it is damaged.', cause);
}

/** The worker's file. When this module runs from source, as in tests, it is that of the last build. */
function workerFile(): URL {
  const isSource = import.meta.url.endsWith('.ts');
  const file = new URL(isSource ? '../../dist/audio/audio.worker.js' : './audio.worker.js', import.meta.url);
  if (isSource && !existsSync(file)) {
    throw new Error(`${fileURLToPath(file)} is missing: run "npm run build" first.`);
  }
  return file;
}
