import type { EngineModel, TensorMap } from '../../engine.js';
import { noAnswer, outOfMemory } from '../refusal.js';

/** @source onnxruntime 1.30, sequential_executor.cc: how the failure of one operator is told. */
const NODE_FAILED =
  /^Non-zero status code returned while running (\S+) node\. Name:'(.*?)' Status Message: (.*)$/s;
/** Place in ONNX Runtime's source, its function, and the condition that did not hold. */
const WHERE = /^\/?\S+:\d+ .*?(?: was false\. |\) (?=[[A-Z]))/s;
const NO_MEMORY = /Failed to allocate memory|bad_alloc/;
/** Of the device, whatever the input. */
const OF_DEVICE = /CUDA|CUDNN|CUBLAS/i;

/**
 * What a run died of. The inputs fit the signature and the probes went well, so a failed operator means that the graph
 * does not take their lengths or values; anything else stays what it is.
 */
export function explainFailure(model: EngineModel, inputs: TensorMap, error: unknown): unknown {
  const [, operator, name, status = ''] = NODE_FAILED.exec((error as Error).message) ?? [];
  const why = status.replace(WHERE, '').trim().replace(/\.$/, '');
  if (operator === undefined || OF_DEVICE.test(why)) return error;
  if (NO_MEMORY.test(why)) return outOfMemory(model, error);
  return noAnswer(model, inputs, `its node ${name} (${operator}) failed: ${why}`, error);
}
