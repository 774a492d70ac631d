import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { pinned } from '../pinned.mjs';
import { cpuMsOf, processTree } from '../process-tree.mjs';
import { layTabularModel } from '../tabular-model.mjs';

const PROCESS = fileURLToPath(new URL('./ours.process.mjs', import.meta.url));
const ROUTES = {
  tabular: { path: '/v1/bench/tabular', app: null },
  text: { path: '/v1/nlp/sentiment', app: 'nlp' },
  image: { path: '/v1/image-recognition/detect', app: 'image-recognition' },
};

/**
 * Ganglion itself, whole: gateway, NATS, control plane, PostgreSQL and the service, all on the one core.
 *
 * @type {import('./measure-rivals.mjs').Competitor}
 */
export const OURS = { name: 'ganglion', start };

/**
 * @param {import('../workloads/workload.mjs').Workload} workload
 * @param {{ core: number }} options
 * @returns {Promise<import('./start-rival.mjs').RunningServer>}
 */
async function start({ name, folder, inputs }, { core }) {
  const { path, app } = ROUTES[name];
  if (app === null) await layModel(folder);
  const { command, args } = pinned(process.execPath, [PROCESS, app ?? '', folder], core);
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const { url, authorization } = await firstLine(child);
  return {
    url,
    toRequest: (index) => toRequest(path, authorization, /** @type {any} */ (inputs[index % inputs.length])),
    toAnswer: (body) => JSON.parse(body.toString()).output,
    cpuMs: async () => cpuMsOf(await processTree(child.pid ?? 0)),
    stop: () =>
      new Promise((resolve) => {
        child.once('close', () => resolve());
        child.stdin.end();
      }),
  };
}

/** @param {string} path @param {string} authorization @param {import('../workloads/workload.mjs').Input} input */
function toRequest(path, authorization, input) {
  const isRaw = Buffer.isBuffer(input);
  return {
    method: 'POST',
    path,
    headers: { authorization, 'content-type': isRaw ? 'image/jpeg' : 'application/json' },
    body: isRaw ? input : Buffer.from(JSON.stringify(input)),
  };
}

async function layModel(/** @type {string} */ folder) {
  await layTabularModel(folder, {
    id: 'tabular',
    graph: await readFile(join(folder, 'graph.onnx')),
    input: { name: 'features', width: 30 },
    output: { name: 'score', width: 1 },
  });
}

/** @param {import('node:child_process').ChildProcess} child @returns {Promise<{ url: string, authorization: string }>} */
function firstLine(child) {
  return new Promise((resolve, reject) => {
    createInterface({ input: /** @type {import('node:stream').Readable} */ (child.stdout) }).once(
      'line',
      (line) => resolve(JSON.parse(line)),
    );
    child.once('error', reject);
    child.once('close', (code) => reject(new Error(`Ganglion ended with code ${code} before it was ready.`)));
  });
}
