/** The thread that holds one session: loads the model it is started with, runs it, ends when it is told to. */
import { parentPort, workerData } from 'node:worker_threads';
import type { Session } from '../engine.js';
import { loadEngine } from '../engines/load-engine.js';
import { toTransfer } from './transfer.js';
import { toWireError, type WorkerReply, type WorkerRequest, type WorkerStart } from './worker-protocol.js';

if (parentPort === null) throw new Error('This file is started as a worker thread.');
const port = parentPort;
const { model, settings } = workerData as WorkerStart;

const send = (reply: WorkerReply, buffers: ArrayBuffer[] = []) => port.postMessage(reply, buffers);

try {
  const session = await (await loadEngine(model.engine)).load(model, settings);
  port.on('message', (request: WorkerRequest) => void answer(session, request));
  const { inputs, outputs, device } = session;
  send({ kind: 'loaded', inputs, outputs, device });
} catch (error) {
  send({ kind: 'refused', error: toWireError(error) });
}

async function answer(session: Session, request: WorkerRequest): Promise<void> {
  if (request.kind === 'dispose') {
    await session.dispose();
    port.close();
    return;
  }
  const { id } = request;
  try {
    const { tensors, buffers } = toTransfer(await session.run(request.inputs));
    send({ kind: 'ran', id, outputs: tensors }, buffers);
  } catch (error) {
    send({ kind: 'failed', id, error: toWireError(error) });
  }
}
