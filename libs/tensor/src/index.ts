export { TensorError, type TensorErrorCode } from './tensor-error.js';
export {
  bytesOf,
  bytesPerElement,
  byteLength,
  elementCount,
  ELEMENT_ARRAYS,
  expectDtype,
  reshape,
  sameShape,
  tensor,
  zeros,
  type DType,
  type ElementArray,
  type Shape,
  type Tensor,
} from './tensor.js';
export {
  allocateTexts,
  stringTensor,
  textsOf,
  type AnyDType,
  type AnyTensor,
  type StringTensor,
} from './string-tensor.js';
export { copyTensor } from './copy-tensor.js';
export { decodeTensor, encodeTensor } from './wire/tensor-bytes.js';
export { row, rows, splitRows, stackRows } from './batch/rows.js';
export { cropTo } from './batch/crop-to.js';
export { padTo } from './batch/pad-to.js';
export { argmax } from './numeric/argmax.js';
export { toFloat16, toFloat32 } from './numeric/float16.js';
export { l2Normalise } from './numeric/l2-normalise.js';
export { RealFft } from './numeric/real-fft.js';
export { softmax } from './numeric/softmax.js';
