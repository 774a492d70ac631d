import { availableParallelism, cpus, totalmem } from 'node:os';

/** The machine that a figure was measured on, in one line. */
export function describeMachine() {
  const [cpu] = cpus();
  const memoryGib = (totalmem() / 2 ** 30).toFixed(0);
  const cores = availableParallelism();
  return `${cores} x ${cpu?.model.trim()}, ${memoryGib} GiB, ${process.platform}-${process.arch}, Node ${process.versions.node}`;
}
