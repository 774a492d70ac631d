/** The process of raw ONNX Runtime: `raw-ort.mjs` starts it, sends a plan and gets the result. */
import ort from 'onnxruntime-node';
import { answerPlan } from '../load/answer-plan.mjs';
import { closedLoop } from '../runner/callers.mjs';

/**
 * A batch's feeds as plain data.
 *
 * @typedef {Record<string, { type: 'float32' | 'int64', data: any, dims: readonly number[] }>} Feeds
 * @typedef {{ graph: string, single: Feeds, batch: Feeds, seconds: number }} RawPlan
 */

answerPlan(async (/** @type {RawPlan} */ { graph, single, batch, seconds }) => {
  const session = await ort.InferenceSession.create(graph, { intraOpNumThreads: 1 });
  const measure = async (/** @type {Feeds} */ feeds) => {
    const tensors = Object.fromEntries(
      Object.entries(feeds).map(([name, { type, data, dims }]) => [name, new ort.Tensor(type, data, dims)]),
    );
    await session.run(tensors);
    return closedLoop(1, seconds, () => session.run(tensors));
  };
  const alone = await measure(single);
  // Not every graph takes a batch.
  const together = await measure(batch).catch(() => undefined);
  return { single: alone, batch: together };
});
