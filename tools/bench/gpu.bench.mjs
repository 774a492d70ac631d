/**
 * A CUDA device against the processor of the same machine. onnxruntime-node's package has no CUDA provider: its
 * `libonnxruntime_providers_{cuda,shared}.so` are in the wheel `onnxruntime-gpu` of the same version and belong beside
 * `libonnxruntime.so.1`, with CUDA 12 and cuDNN 9 on `LD_LIBRARY_PATH`.
 */
import { availableParallelism } from 'node:os';
import { findDevice } from '@ganglion/inference';
import { figure } from './figures.mjs';
import { closedLoop } from './runner/callers.mjs';
import { serve } from './runner/contenders.mjs';
import { openSubject } from './runner/subjects.mjs';

export const summary = 'models on CUDA, against the processor; no figures where there is none';

const SECONDS = 3;
const CALLERS = 64;

/** @type {import('./bench.mjs').Bench['measure']} */
export async function measure(options) {
  const device = await findDevice(process.env['GANGLION_DEVICE'] ?? 'cuda', options.say).catch((error) => {
    options.say(`Nothing was measured: ${error.message}`);
  });
  if (device === undefined) return [];
  const figures = [];
  for (const name of /** @type {const} */ (['efficientnet-lite0', 'minilm', 'moonshine-encoder'])) {
    figures.push(...(await compete(await openSubject(name), device, options)));
  }
  return figures;
}

/**
 * How many times as many rows a second with many callers, and how many times as soon an answer to one.
 *
 * @param {import('./runner/subjects.mjs').Subject} subject
 * @param {import('@ganglion/inference').Device} device
 * @param {import('./bench.mjs').BenchOptions} options
 */
async function compete(subject, device, { rounds, say, cacheFolder }) {
  const threads = availableParallelism();
  const onCuda = await serve(subject, { cacheFolder, threads, device });
  const onCpu = await serve(subject, { cacheFolder, threads });
  const throughput = [];
  const latency = [];
  for (let round = 0; round < rounds; round += 1) {
    const [cuda, cpu] = [await load(onCuda, subject), await load(onCpu, subject)];
    say(
      `  ${subject.name}: ${cpu.perSecond.toFixed(1)} rows/s and ${cpu.p50Ms.toFixed(2)} ms on the processor, ` +
        `${cuda.perSecond.toFixed(1)} rows/s and ${cuda.p50Ms.toFixed(2)} ms on CUDA`,
    );
    throughput.push(cuda.perSecond / cpu.perSecond);
    latency.push(cpu.p50Ms / cuda.p50Ms);
  }
  await Promise.all([onCuda, onCpu].map(({ runner }) => runner.close()));
  return [
    figure(`gpu/${subject.name}/throughput`, throughput),
    figure(`gpu/${subject.name}/latency`, latency),
  ];
}

/**
 * @param {import('./runner/contenders.mjs').ServedModel} served
 * @param {import('./runner/subjects.mjs').Subject} subject
 */
async function load(served, subject) {
  const call = () => served.runner.run(subject.row());
  await call();
  const { perSecond } = await closedLoop(CALLERS, SECONDS, call);
  const { p50Ms } = await closedLoop(1, SECONDS, call);
  return { perSecond, p50Ms };
}
