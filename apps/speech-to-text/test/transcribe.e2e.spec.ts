import { readFile } from 'node:fs/promises';
import type { Answer } from '@ganglion/contracts/answer';
import type { OutputOf } from '@ganglion/contracts/capability';
import { speechErrors, transcribe } from '@ganglion/contracts/services/speech-to-text/transcribe';
import { ModelModule } from '@ganglion/service-kit/model/model.module';
import { refusalOf, startServers, testService, type TestServers, type TestService } from '@ganglion/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { cacheFolder } from '../../../tools/servers/cache-folder.mjs';
import { pullSampleFiles, readSampleFile } from '../../../tools/start/sample-files.mjs';
import { SETTINGS, type AudioSettings } from '../src/config.js';
import { AudioReader } from '../src/transcribe/audio-reader.js';
import { TranscribeHandler } from '../src/transcribe/transcribe.handler.js';
import { floatWav, pcmSamples, upsample } from './wav.fixture.js';

type Transcript = Answer<OutputOf<typeof transcribe>>;

const SPEECH =
  'And so, my fellow Americans, ask not what your country can do for you, ask what you can do for your country.';
const settings: AudioSettings = { maxAudioSeconds: 60, maxDecoders: 2, ffmpeg: '/no/such/ffmpeg' };

let servers: TestServers;
let service: TestService;
/** The app's own sample: 11 s of speech, 16 kHz, 16 bits, one channel. */
let speech: Uint8Array;
let samples: Float32Array;

beforeAll(async () => {
  const sample = JSON.parse(await readFile(new URL('../samples/transcribe.json', import.meta.url), 'utf8'));
  await pullSampleFiles([sample.request.file], { cacheFolder: cacheFolder(), say: () => {} });
  speech = await readSampleFile(sample.request.file, cacheFolder());
  samples = pcmSamples(speech);
  servers = await startServers();
  service = await testService({
    name: 'speech-to-text',
    imports: [ModelModule.of(new URL('..', import.meta.url), process.env)],
    controllers: [TranscribeHandler],
    providers: [AudioReader, { provide: SETTINGS, useValue: settings }],
    environment: servers.environment,
  });
}, 120_000);

afterAll(async () => {
  await service?.stop();
  await servers?.stop();
});

const call = async (bytes: Uint8Array, options: object = {}): Promise<Transcript> =>
  (await service.call(transcribe, {
    audio: { type: 'audio/wav', bytes },
    ...options,
  })) as unknown as Transcript;

const words = (text: string): string[] => text.toLowerCase().match(/[a-z]+/g) ?? [];

describe('transcribe', () => {
  it('writes down speech, with its segments', async () => {
    const answer = await call(speech);
    expect(answer.output).toEqual({
      text: SPEECH,
      segments: [{ startSeconds: 0, endSeconds: 11, text: SPEECH }],
      durationSeconds: 11,
      language: 'en',
    });
    expect(answer.model).toEqual({ id: 'moonshine-tiny-en', version: '1.0.0' });
    expect(answer.warnings).toEqual([]);
  });

  it('hears the same in 8 channels at 192 kHz, and says what it did to them', async () => {
    const part = samples.subarray(0, 16_000 * 3.5);
    const { output, warnings } = await call(floatWav(upsample(part, 12), 192_000, 8));
    expect(words(output.text).slice(0, 5)).toEqual(['and', 'so', 'my', 'fellow', 'americans']);
    expect(output.durationSeconds).toBe(3.5);
    expect(warnings).toEqual([
      'The recording was mixed from 8 channels to one.',
      'The recording was resampled from 192000 to 16000 Hz.',
    ]);
  });

  it('parts a recording at its long pauses', async () => {
    const twice = new Float32Array(16_000 * 26);
    twice.set(samples);
    twice.set(samples, 16_000 * 15);
    const { output } = await call(floatWav(twice));
    expect(output.segments).toHaveLength(2);
    expect(output.segments[0]?.endSeconds).toBeLessThan(12);
    expect(output.segments[1]?.startSeconds).toBeGreaterThan(14);
    expect(words(output.text)).toEqual([...words(SPEECH), ...words(SPEECH)]);
  });

  it('transcribes what is there of a file that is cut short, and says so', async () => {
    const { output, warnings } = await call(speech.subarray(0, speech.length / 2));
    expect(output.durationSeconds).toBeCloseTo(5.5, 1);
    expect(output.text).toContain('my fellow Americans');
    expect(warnings).toEqual([expect.stringContaining('cut short')]);
  });

  it('takes samples that are no numbers as silence, and says so', async () => {
    const broken = samples.slice();
    broken.fill(NaN, 0, 100);
    const { output, warnings } = await call(floatWav(broken));
    expect(words(output.text)).toEqual(words(SPEECH));
    expect(warnings).toEqual(['100 samples are no numbers; they were taken as silence.']);
  });

  it.each([
    ['silence', () => 0],
    ['noise', (n: number) => 0.1 * Math.sin(n * n * 12.9898)],
    ['a tone', (n: number) => 0.3 * Math.sin(n * 0.17)],
    ['NaN', () => NaN],
  ])('hears no words in %s', async (_what, sample) => {
    const { output, warnings } = await call(
      floatWav(Float32Array.from({ length: 80_000 }, (_, n) => sample(n))),
    );
    expect(output).toEqual({ text: '', segments: [], durationSeconds: 5, language: 'en' });
    expect(warnings.at(-1)).toBe('No speech was found in the recording.');
  });
});

describe('a recording that cannot be used', () => {
  const latin1 = (text: string) => () => Buffer.from(text, 'latin1');
  const hour = () => floatWav(new Float32Array(8_000 * 61), 8_000);
  /** The first MPEG frame of a stream that ends within it. */
  const stumpOfMp3 = latin1('\xff\xfb\x90\x00' + '\0'.repeat(40));
  const notSupported = { code: 'unsupported_media_type', status: 415 };

  it.each([
    { what: 'a text', file: latin1('RIFF is how this text starts.'), error: notSupported, says: 'send WAV' },
    { what: 'no bytes', file: latin1(''), error: { code: 'invalid_input', status: 422 }, says: 'empty' },
    {
      what: 'no sample',
      file: () => floatWav(new Float32Array(0)),
      error: speechErrors.empty_audio,
      says: '0 seconds',
    },
    {
      what: 'a stump of an MP3',
      file: stumpOfMp3,
      error: speechErrors.damaged_audio,
      says: 'not one sample',
    },
    {
      what: 'a broken header',
      file: () => speech.subarray(0, 30),
      error: speechErrors.damaged_audio,
      says: 'cut short',
    },
    { what: 'too much', file: hour, error: speechErrors.audio_too_long, says: 'longer than 60 seconds' },
    {
      what: 'an M4A without ffmpeg',
      file: latin1('\0\0\0\x20ftypM4A '),
      error: speechErrors.no_decoder,
      says: 'ffmpeg',
    },
  ])('$what is refused', async ({ file, error: { code, status }, says }) => {
    const error = await refusalOf(call(file()));
    expect([error.code, error.spec.status]).toEqual([code, status]);
    expect(error.message).toContain(says);
  });

  it('is told that only English is known', async () => {
    await expect(call(speech, { language: 'fr' })).rejects.toMatchObject({
      code: 'invalid_input',
      errors: [{ pointer: '/language', detail: expect.stringContaining('"en"') }],
    });
  });

  it('ends at the deadline, whatever is left to do', async () => {
    const startedAt = performance.now();
    const late = service.call(
      transcribe,
      { audio: { type: 'audio/wav', bytes: speech } },
      { deadline: startedAt + 150 },
    );
    await expect(late).rejects.toMatchObject({ code: 'deadline_exceeded' });
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  });

  it('leaves the service at work', async () => {
    expect((await call(speech)).output.text).toBe(SPEECH);
  });
});
