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
    identity: { name: 'speech-to-text' },
    logger: pino({ level: 'silent' }),
    metrics: { registry: new Registry() },
  });
  const slots = new ModelSlots(kit, fileURLToPath(APP), process.env);
  const [{ AudioReader }, { TranscribeHandler }] = await Promise.all([
    load('audio-reader'),
    load('transcribe.handler'),
  ]);
  const settings = { maxAudioSeconds: 600, maxDecoders: 1, ffmpeg: 'ffmpeg' };
  const media = new MediaReader(/** @type {any} */ (null));
  const handler = new TranscribeHandler(slots, new AudioReader(media, settings));
  await slots.onApplicationBootstrap();
  return {
    async transcribe(bytes) {
      const signal = new AbortController().signal;
      const context = /** @type {any} */ ({ timing: new StageTimer(), signal, callId: '', notes: new Set() });
      const { output } = await handler.transcribe(
        { audio: { type: 'audio/wav', bytes }, language: 'en' },
        context,
      );
      return { text: output.text, seconds: output.durationSeconds };
    },
  };
}
