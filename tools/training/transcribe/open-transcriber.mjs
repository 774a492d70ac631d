import { pino } from 'pino';
import { Registry } from 'prom-client';
import { MediaReader } from '@ganglion/service-kit/media-reader';
import { ModelSlots } from '@ganglion/service-kit/model/model-slots';
import { StageTimer } from '@ganglion/service-kit/stage-timer';
import { fileURLToPath } from 'node:url';

const APP = new URL('../../../apps/speech-to-text/', import.meta.url);

/** A part of the app, as it was built. */
const load = (/** @type {string} */ name) => import(new URL(`dist/transcribe/${name}.js`, APP).href);

/**
 * The service's own pipeline without its transport: what is measured is what serves.
 *
 * @returns {Promise<{ transcribe: (bytes: Uint8Array) => Promise<{ text: string, seconds: number }> }>}
 */
export async function openTranscriber() {
  const kit = /** @type {any} */ ({
    logger: pino({ level: 'silent' }),
    metrics: { registry: new Registry() },
  });
  const slots = new ModelSlots(kit, fileURLToPath(APP), process.env);
  await slots.load();
  const [{ AudioReader }, { Transcriber }] = await Promise.all([load('audio-reader'), load('transcribe')]);
  const settings = { maxAudioSeconds: 600, maxDecoders: 1, ffmpeg: 'ffmpeg' };
  const transcriber = new Transcriber(
    slots,
    new AudioReader(new MediaReader(/** @type {any} */ (null)), settings),
  );
  await transcriber.onModuleInit();
  return {
    async transcribe(bytes) {
      const context = /** @type {any} */ ({ timing: new StageTimer(), signal: new AbortController().signal });
      const { output } = await transcriber.transcribe(
        { audio: { type: 'audio/wav', bytes }, language: 'en' },
        context,
      );
      return { text: output.text, seconds: output.durationSeconds };
    },
  };
}
