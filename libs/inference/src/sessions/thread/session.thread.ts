/** The thread that holds one session: loads the model that it is sent, runs it, ends when it is told to. */
import { parentPort, workerData } from 'node:worker_threads';
import type { HostReply, HostRequest } from '../host-protocol.js';
import { SessionServer } from '../session-server.js';
import { ExitHold } from './exit-hold.js';
import type { ThreadStart } from './thread-port.js';
import { toTransfer } from './transfer.js';

if (parentPort === null) throw new Error('This file is started as a worker thread.');
const port = parentPort;

function send(reply: HostReply): void {
  if (reply.kind !== 'ran') return port.postMessage(reply);
  const { tensors, buffers } = toTransfer(reply.outputs);
  port.postMessage({ ...reply, outputs: tensors } satisfies HostReply, buffers);
}

const hold = new ExitHold((workerData as ThreadStart).hold);
const server = new SessionServer({ send, close: () => port.close() }, hold.during);
port.on('message', (request: HostRequest) => void server.answer(request));
