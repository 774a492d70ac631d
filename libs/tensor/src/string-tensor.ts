import { elementCount, type DType, type Shape, type Tensor } from './tensor.js';
import { TensorError } from './tensor-error.js';
import { isWellFormed } from './text/is-well-formed.js';

/**
 * Texts in row-major order: their UTF-8 bytes one behind the other, and where each begins. It is no `Tensor`, for its
 * elements have no common size; what works on whole rows takes both.
 */
export interface StringTensor {
  readonly dtype: 'string';
  readonly shape: Shape;
  readonly data: Uint8Array<ArrayBuffer>;
  /** One more than there are texts: number `i` lies from `offsets[i]` up to, not including, `offsets[i + 1]`. */
  readonly offsets: Uint32Array<ArrayBuffer>;
}

/** Every dtype that a model may take or give. */
export type AnyDType = DType | 'string';

/** What a model may take or give. */
export type AnyTensor = Tensor | StringTensor;

/** Offsets are of 32 bits. */
const MAX_BYTES = 2 ** 32 - 1;

/**
 * A tensor of texts, which are copied.
 *
 * @throws TensorError invalid_shape; data_mismatch when there are more or fewer texts than the shape says, one is no
 *   valid Unicode, or all together are longer than 4 GiB.
 */
export function stringTensor(shape: Shape, texts: readonly string[]): StringTensor {
  const count = elementCount(shape);
  if (texts.length !== count) {
    throw new TensorError(
      'data_mismatch',
      `The shape [${shape.join(', ')}] takes ${count} texts, not ${texts.length}.`,
    );
  }
  const surrogate = texts.findIndex((text) => !isWellFormed(text));
  if (surrogate >= 0) {
    throw new TensorError('data_mismatch', `Text ${surrogate} holds half of a surrogate pair.`);
  }
  const value = allocateTexts(
    shape,
    texts.reduce((length, text) => length + Buffer.byteLength(text), 0),
  );
  const encoder = new TextEncoder();
  let end = 0;
  texts.forEach((text, index) => {
    end += encoder.encodeInto(text, value.data.subarray(end)).written;
    value.offsets[index + 1] = end;
  });
  return value;
}

/**
 * Room for texts of so many bytes together; their offsets are all 0.
 *
 * @throws TensorError invalid_shape; data_mismatch when they are longer than 4 GiB.
 */
export function allocateTexts(shape: Shape, bytes: number): StringTensor {
  const count = elementCount(shape);
  if (bytes > MAX_BYTES) throw new TensorError('data_mismatch', 'The texts are longer than 4 GiB.');
  return { dtype: 'string', shape, data: new Uint8Array(bytes), offsets: new Uint32Array(count + 1) };
}

/**
 * The texts, in row-major order.
 *
 * @throws TensorError data_mismatch when the offsets are not those of the shape and the bytes, or a text is no UTF-8.
 */
export function textsOf({ shape, data, offsets }: StringTensor): string[] {
  const count = elementCount(shape);
  const isRising = offsets.every((offset, index) => index === 0 || offset >= (offsets[index - 1] as number));
  if (offsets.length !== count + 1 || !isRising || offsets[0] !== 0 || offsets[count] !== data.length) {
    throw new TensorError(
      'data_mismatch',
      `The offsets are not those of ${count} texts in ${data.length} bytes: they rise from 0 to the end.`,
    );
  }
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  return Array.from({ length: count }, (_, index) => {
    try {
      return decoder.decode(data.subarray(offsets[index], offsets[index + 1]));
    } catch {
      throw new TensorError('data_mismatch', `Text ${index} is no valid UTF-8.`);
    }
  });
}
