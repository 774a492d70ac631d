/** The thread that reads one file: a decoder that hangs or grows on bytes made for it takes nothing else along. */
import { parentPort, workerData } from 'node:worker_threads';
import { AudioError, type AudioErrorCode } from './audio-error.js';
import { readAudio, type AudioLimits, type DecodedAudio } from './read-audio.js';

/** What the thread is started with. */
export interface AudioWork {
  readonly bytes: Uint8Array;
  readonly limits: AudioLimits;
}

/** What the thread sends: an error loses its class on the way. */
export type AudioReply =
  | { readonly audio: DecodedAudio }
  | { readonly error: { readonly code: AudioErrorCode; readonly message: string } };

if (parentPort !== null) {
  const { bytes, limits } = workerData as AudioWork;
  const reply = await readAudio(bytes, limits).then(
    (audio): AudioReply => ({ audio }),
    (error: unknown): AudioReply => {
      if (!(error instanceof AudioError)) throw error;
      return { error: { code: error.code, message: error.message } };
    },
  );
  parentPort.postMessage(reply, 'audio' in reply ? [reply.audio.samples.buffer as ArrayBuffer] : []);
}
