/** The Runner against ONNX Runtime itself: the same files, in the same process, in rounds that alternate. */
import { measureCallCost } from './runner/call-cost.mjs';
import { measureCallers } from './runner/many-callers.mjs';
import { measureSaturation } from './runner/saturation.mjs';
import { measureSingle } from './runner/single-caller.mjs';
import { makePerceptron, openSubject } from './runner/subjects.mjs';

export const summary = 'throughput, batching and cost of a call of the Runner, against raw ONNX Runtime';

/** @type {import('./bench.mjs').Bench['measure']} */
export async function measure(options) {
  const [efficientnet, minilm, moonshine] = await Promise.all([
    openSubject('efficientnet-lite0'),
    openSubject('minilm'),
    openSubject('moonshine-encoder'),
  ]);
  const tabular = await makePerceptron('tabular-mlp', [30, 64, 32, 1]);
  const wide = await makePerceptron('wide-mlp', [256, 1_024, 1_024, 256]);
  const figures = [];
  for (const subject of [efficientnet, minilm, moonshine]) {
    figures.push(...(await measureSaturation(subject, options)));
  }
  for (const subject of [minilm, wide]) figures.push(...(await measureCallers(subject, options)));
  figures.push(...(await measureCallCost(tabular, options)));
  for (const subject of [efficientnet, minilm, moonshine, wide]) {
    figures.push(...(await measureSingle(subject, options)));
  }
  await Promise.all([tabular.remove(), wide.remove()]);
  return figures;
}
