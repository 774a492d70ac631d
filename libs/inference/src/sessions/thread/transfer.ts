import { copyTensor, type AnyTensor } from '@ganglion/tensor';
import type { TensorMap } from '../../engine.js';
import { arraysOf } from '../arrays-of.js';

/**
 * Makes tensors ready to cross to another thread: each over a buffer of its own, and those buffers as the list of
 * what to transfer. A tensor that has its buffer to itself is not copied; a view of a part is, for a transfer takes
 * the buffer from every other view as well.
 */
export function toTransfer(tensors: TensorMap): {
  readonly tensors: TensorMap;
  readonly buffers: ArrayBuffer[];
} {
  const owned = Object.entries(tensors).map(([name, value]): [string, AnyTensor] => [name, own(value)]);
  // Two tensors may be the same one under two names; a buffer is transferred once.
  const buffers = new Set(owned.flatMap(([, value]) => arraysOf(value).map(({ buffer }) => buffer)));
  return { tensors: Object.fromEntries(owned), buffers: [...buffers] };
}

function own(value: AnyTensor): AnyTensor {
  const isWhole = arraysOf(value).every(({ byteLength, buffer }) => byteLength === buffer.byteLength);
  return isWhole ? value : copyTensor(value);
}
