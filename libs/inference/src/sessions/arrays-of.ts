import type { AnyTensor, ElementArray } from '@ganglion/tensor';

/** What a tensor is made of, in the order in which it crosses to another place. */
export function arraysOf(value: AnyTensor): ElementArray[] {
  return value.dtype === 'string' ? [value.offsets, value.data] : [value.data];
}
