/** The process that holds one session: loads the model that it is sent, runs it, ends when it is told to. */
import { writeFileSync } from 'node:fs';
import { Socket } from 'node:net';
import { Worker } from 'node:worker_threads';
import type { HostRequest } from '../host-protocol.js';
import { SessionServer } from '../session-server.js';
import { MessageReader, writeMessage } from './frames.js';

const MESSAGES_FD = 3;

// The service ends it once its calls are answered, also when the signal went to the whole group.
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => {});
preferForOomKiller();

// A thread, for a model that computes holds this one's event loop.
new Worker(new URL('./guard.worker.js', import.meta.url), {
  name: 'guard',
  workerData: { memoryMb: Number(process.argv[2]) },
  resourceLimits: { maxOldGenerationSizeMb: 16 },
}).unref();

const socket = new Socket({ fd: MESSAGES_FD, readable: true, writable: true });
const server = new SessionServer({
  send: (reply) => writeMessage(socket, reply),
  close: () => socket.end(() => process.exit()),
});
const reader = new MessageReader<HostRequest>((request) => void server.answer(request));
socket.on('data', (chunk) => reader.read(chunk));
// The service is gone: there is nobody left to compute for.
socket.on('error', () => process.exit());
socket.on('end', () => process.exit());

/** When the machine runs out of memory, this process goes before the service does. */
function preferForOomKiller(): void {
  try {
    writeFileSync('/proc/self/oom_score_adj', '1000');
  } catch {
    // Not Linux, or not allowed: the kernel chooses by size.
  }
}
