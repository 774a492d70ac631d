import type { AnyTensor } from './string-tensor.js';

/** The same elements in buffers of their own. */
export function copyTensor<T extends AnyTensor>(value: T): T;
export function copyTensor(value: AnyTensor): AnyTensor {
  if (value.dtype !== 'string') return { ...value, data: value.data.slice() };
  return { ...value, data: value.data.slice(), offsets: value.offsets.slice() };
}
