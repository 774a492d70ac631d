import { Worker } from 'node:worker_threads';
import type { EngineModel } from '../../engine.js';
import { builtFile } from '../built-file.js';
import type { HostEnd, HostPort, SessionLimits } from '../host-port.js';
import type { HostReply, HostRequest } from '../host-protocol.js';
import { ExitHold } from './exit-hold.js';
import { toTransfer } from './transfer.js';

/** What a thread is started with. */
export interface ThreadStart {
  readonly hold: SharedArrayBuffer;
}

/**
 * A worker thread as a host. It must not be ended while ONNX Runtime computes in it: the binding can't be interrupted
 * and would abort the whole process (seen with onnxruntime-node 1.30).
 */
export function openThread({ id }: Pick<EngineModel, 'id'>, { memoryMb }: SessionLimits): ThreadPort {
  return new ThreadPort(`model ${id}`, memoryMb);
}

export class ThreadPort implements HostPort {
  readonly place = 'thread';
  readonly isInterruptible = false;
  readonly ended: Promise<HostEnd>;
  readonly worker: Worker;
  private why: string | null = null;
  private lastWords = '';
  private listener: (reply: HostReply) => void = () => {};

  constructor(name: string, memoryMb: number | undefined) {
    const file = builtFile('thread/session.thread.js');
    const hold = ExitHold.add();
    const workerData: ThreadStart = { hold: hold.buffer };
    const resourceLimits = memoryMb === undefined ? {} : { maxOldGenerationSizeMb: memoryMb };
    this.worker = new Worker(file, { workerData, name, resourceLimits });
    this.worker.on('message', (reply: HostReply) => this.listener(reply));
    // An uncaught error of the thread also ends it; the exit says so to whoever waits.
    this.worker.on('error', (error: NodeJS.ErrnoException) => {
      this.lastWords = String(error);
      this.why ??=
        error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? `its heap passed ${memoryMb} MB` : 'an uncaught error';
    });
    this.ended = new Promise((resolve) => {
      this.worker.once('exit', () => {
        hold.remove();
        resolve({ why: this.why ?? 'it exited', lastWords: this.lastWords });
      });
    });
  }

  onReply(listener: (reply: HostReply) => void): void {
    this.listener = listener;
  }

  post(request: HostRequest): void {
    if (request.kind !== 'run') return this.worker.postMessage(request);
    const { tensors, buffers } = toTransfer(request.inputs);
    this.worker.postMessage({ ...request, inputs: tensors } satisfies HostRequest, buffers);
  }

  kill(why: string): void {
    this.why ??= why;
    void this.worker.terminate();
  }
}
