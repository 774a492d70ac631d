import { textsOf, type AnyTensor, type StringTensor } from '../string-tensor.js';
import {
  bytesOf,
  bytesPerElement,
  elementCount,
  ELEMENT_ARRAYS,
  tensor,
  type DType,
  type ElementArray,
  type Tensor,
} from '../tensor.js';
import { TensorError } from '../tensor-error.js';
import { headerBytes, malformed, readHeader, writeHeader, type TensorHeader } from './tensor-header.js';

/** Where the elements begin, so that a buffer which begins at a multiple of it need not be copied. */
const ALIGNMENT = 8;

/**
 * A tensor as bytes: a header of `8 + 8 * rank` bytes, then the elements, little-endian as every machine that this runs
 * on; for strings the offsets, filled up to a multiple of 8 bytes, then the texts.
 *
 * @throws TensorError invalid_shape for more than 255 axes; data_mismatch for a string tensor that is none.
 */
export function encodeTensor(value: AnyTensor): Uint8Array {
  const start = headerBytes(value.shape.length);
  if (value.dtype !== 'string') {
    const bytes = new Uint8Array(start + value.data.byteLength);
    writeHeader(value, bytes);
    bytes.set(bytesOf(value), start);
    return bytes;
  }
  textsOf(value);
  const textStart = start + padded(value.offsets.byteLength);
  const bytes = new Uint8Array(textStart + value.data.length);
  writeHeader(value, bytes);
  bytes.set(new Uint8Array(value.offsets.buffer, value.offsets.byteOffset, value.offsets.byteLength), start);
  bytes.set(value.data, textStart);
  return bytes;
}

/**
 * The tensor that {@link encodeTensor} wrote: a view of `bytes` where they begin at a multiple of the element's size
 * in their buffer, else a copy.
 *
 * @throws TensorError malformed for whatever it would not have written.
 */
export function decodeTensor(bytes: Uint8Array): AnyTensor {
  const header = readHeader(bytes);
  const count = countOf(header);
  const start = headerBytes(header.shape.length);
  // Of the plain kind: a Buffer's parts would be Buffers.
  const body = new Uint8Array(bytes.buffer as ArrayBuffer, bytes.byteOffset + start, bytes.length - start);
  const { dtype, shape } = header;
  return dtype === 'string' ? decodeTexts(shape, body, count) : decodeElements({ dtype, shape }, body, count);
}

function countOf({ shape }: TensorHeader): number {
  try {
    return elementCount(shape);
  } catch {
    throw malformed(`a shape of [${shape.join(', ')}] has more elements than can be counted`);
  }
}

function decodeElements(
  { dtype, shape }: { readonly dtype: DType; readonly shape: readonly number[] },
  body: Uint8Array,
  count: number,
): Tensor {
  expectBytes(body, count * bytesPerElement(dtype), `a ${dtype} tensor of [${shape.join(', ')}]`);
  if (dtype === 'bool' && body.some((value) => value > 1)) throw malformed('a bool is neither 0 nor 1');
  const { buffer, byteOffset } = aligned(body, bytesPerElement(dtype));
  return tensor(dtype, shape, new ELEMENT_ARRAYS[dtype](buffer, byteOffset, count) as ElementArray);
}

function decodeTexts(shape: readonly number[], body: Uint8Array<ArrayBuffer>, count: number): StringTensor {
  const offsetBytes = (count + 1) * Uint32Array.BYTES_PER_ELEMENT;
  const textStart = padded(offsetBytes);
  if (body.length < textStart) throw malformed(`they end within the offsets of ${count} texts`);
  if (body.subarray(offsetBytes, textStart).some((value) => value !== 0)) {
    throw malformed('what fills up the offsets is not 0');
  }
  const { buffer, byteOffset } = aligned(body.subarray(0, offsetBytes), Uint32Array.BYTES_PER_ELEMENT);
  const offsets = new Uint32Array(buffer, byteOffset, count + 1);
  expectBytes(body, textStart + (offsets[count] as number), `a string tensor of [${shape.join(', ')}]`);
  const value: StringTensor = { dtype: 'string', shape, data: body.subarray(textStart), offsets };
  try {
    textsOf(value);
  } catch (error) {
    throw error instanceof TensorError ? malformed(error.message.replace(/\.$/, '')) : error;
  }
  return value;
}

function expectBytes({ length }: Uint8Array, expected: number, what: string): void {
  if (length !== expected)
    throw malformed(`${what} takes ${expected} bytes behind the header, not ${length}`);
}

/** The bytes themselves where they begin at a multiple of `size`, else a copy. */
function aligned(bytes: Uint8Array, size: number): { buffer: ArrayBuffer; byteOffset: number } {
  const { buffer, byteOffset } = bytes.byteOffset % size === 0 ? bytes : bytes.slice();
  return { buffer: buffer as ArrayBuffer, byteOffset };
}

function padded(length: number): number {
  return Math.ceil(length / ALIGNMENT) * ALIGNMENT;
}
