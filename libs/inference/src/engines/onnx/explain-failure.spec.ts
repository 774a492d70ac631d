import { describe, expect, it } from '@jest/globals';
import { zeros } from '@ganglion/tensor';
import type { EngineModel } from '../../engine.js';
import { explainFailure } from './explain-failure.js';

const model: EngineModel = { id: 'tiny', engine: 'onnx', entry: 'model.onnx', files: [] };
const source = '/onnxruntime_src/onnxruntime/core';
const failed = (status: string) =>
  new Error(`Non-zero status code returned while running Add node. Name:'sum' Status Message: ${status}`);
const explain = (error: unknown) => explainFailure(model, { x: zeros('float32', [3]) }, error);

describe('explainFailure', () => {
  it.each([
    ['indices out of bounds, idx=9', 'indices out of bounds, idx=9'],
    [
      `${source}/reshape_helper.h:84 onnxruntime::ReshapeHelper::ReshapeHelper(const onnxruntime::TensorShape&, bool) size != 0 was false. The input can't be reshaped.\n`,
      "The input can't be reshaped",
    ],
    [
      `${source}/safeint.h:17 static void SafeIntExceptionHandler<onnxruntime::OnnxRuntimeException>::SafeIntOnOverflow() Integer overflow\n`,
      'Integer overflow',
    ],
    [
      `${source}/providers/cuda/tensor/expand.cc:12 onnxruntime::cuda::Expand::ComputeInternal(OpKernelContext*) Invalid shape`,
      'Invalid shape',
    ],
  ])('takes what an operator says of its input (%s)', (status, why) => {
    const cause = failed(status);
    expect(explain(cause)).toMatchObject({
      code: 'invalid_input',
      message: `The model "tiny" has no answer to this input ("x" float32 [3]): its node sum (Add) failed: ${why}.`,
      cause,
    });
  });

  it('tells memory from input', () => {
    const status = `${source}/bfc_arena.cc:360 void* onnxruntime::BFCArena::AllocateRawInternal(size_t) Failed to allocate memory for requested buffer of size 40000000000000\n`;
    expect(explain(failed(status))).toMatchObject({ code: 'overloaded' });
  });

  it.each([
    failed('CUDA error 719: unspecified launch failure'),
    failed(
      `${source}/providers/cuda/cuda_call.cc:129 bool onnxruntime::CudaCall(ERRTYPE, const char*) CUDA failure 2: out of memory`,
    ),
    new Error('[ONNXRuntimeError] : 11 : EP_FAIL : no device'),
    new TypeError('a defect of ours'),
  ])('leaves %s as it is', (error) => {
    expect(explain(error)).toBe(error);
  });
});
