import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';

/**
 * Takes away what no process reads at run time: source maps, declarations, ONNX Runtime of other systems, and of
 * TensorFlow.js all builds but the one that Node loads.
 *
 * @param {string} folder with `node_modules`
 * @param {string} arch of the image, as `process.arch` says it
 */
export function trim(folder, arch) {
  const modules = join(folder, 'node_modules');
  trimOnnxRuntime(join(modules, 'onnxruntime-node', 'bin', 'napi-v6'), arch);
  const tensorflow = join(modules, '@tensorflow');
  if (existsSync(tensorflow))
    for (const name of readdirSync(tensorflow)) trimTensorflow(join(tensorflow, name));
  for (const file of filesOf(modules)) {
    if (/\.(map|d\.[cm]?ts|tsbuildinfo)$/.test(file)) rmSync(file);
  }
}

function trimOnnxRuntime(/** @type {string} */ binaries, /** @type {string} */ arch) {
  if (!existsSync(binaries)) return;
  for (const system of readdirSync(binaries)) {
    for (const each of readdirSync(join(binaries, system))) {
      if (system !== 'linux' || each !== arch) rmSync(join(binaries, system, each), { recursive: true });
    }
  }
}

/** What `main` names is one file with all in it; WebAssembly lies beside it. */
function trimTensorflow(/** @type {string} */ folder) {
  const { main } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  for (const file of filesOf(folder)) {
    const path = relative(folder, file);
    if (/node_modules|^package\.json$|LICENSE|\.wasm$/.test(path) || path === join(main)) continue;
    rmSync(file);
  }
}

function filesOf(/** @type {string} */ folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
