/**
 * Watches a model's process from a thread of its own, since the model may hold the main one for good: ends the process
 * when the service is gone, and when its memory passes its limit.
 */
import { Socket } from 'node:net';
import { writeSync } from 'node:fs';
import { workerData } from 'node:worker_threads';

/** Open as long as the service lives; what is written there reaches it. */
const LIFELINE_FD = 4;
/** Memory is filled at some GB a second: the limit is passed by a few hundred MB at the most. */
const LOOK_MS = 50;
const MIB = 1 << 20;

const { memoryMb } = workerData as { readonly memoryMb: number };

const kill = (): void => void process.kill(process.pid, 'SIGKILL');

const lifeline = new Socket({ fd: LIFELINE_FD, readable: true, writable: false });
lifeline.on('error', kill).on('end', kill).resume();

setInterval(() => {
  const usedMb = Math.ceil(process.memoryUsage.rss() / MIB);
  if (usedMb <= memoryMb) return;
  writeSync(LIFELINE_FD, `its memory passed ${memoryMb} MB`);
  kill();
}, LOOK_MS);
