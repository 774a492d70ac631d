import { bytesPerElement, elementCount, type DType } from '@ganglion/tensor';
import type { StoredTensor } from './tensor-proto.js';

const DTYPES: Readonly<Record<string, DType>> = {
  F64: 'float64',
  F32: 'float32',
  F16: 'float16',
  I64: 'int64',
  I32: 'int32',
  I16: 'int16',
  I8: 'int8',
  U32: 'uint32',
  U16: 'uint16',
  U8: 'uint8',
  BOOL: 'bool',
};
const LENGTH_BYTES = 8;

/**
 * Reads which tensors a safetensors file holds, and where; the tensors themselves stay untouched.
 *
 * @param file The whole file.
 * @source huggingface/safetensors README, "Format"
 * @throws TypeError when the header breaks the format or points outside of the file.
 */
export function readSafetensorsIndex(file: Uint8Array): ReadonlyMap<string, StoredTensor> {
  if (file.length < LENGTH_BYTES) throw new TypeError('A safetensors file has at least 8 bytes.');
  const headerLength = new DataView(file.buffer, file.byteOffset).getBigUint64(0, true);
  if (headerLength > BigInt(file.length - LENGTH_BYTES)) {
    throw new TypeError('The header of the safetensors file is longer than the file.');
  }
  const dataStart = LENGTH_BYTES + Number(headerLength);
  const header: unknown = JSON.parse(new TextDecoder().decode(file.subarray(LENGTH_BYTES, dataStart)));
  if (typeof header !== 'object' || header === null) {
    throw new TypeError('The header of the safetensors file is no JSON object.');
  }
  const index = new Map<string, StoredTensor>();
  for (const [name, entry] of Object.entries(header)) {
    if (name !== '__metadata__')
      index.set(name, readEntry(name, entry, { dataStart, fileLength: file.length }));
  }
  return index;
}

function readEntry(
  name: string,
  entry: { readonly dtype?: unknown; readonly shape?: unknown; readonly data_offsets?: unknown } | null,
  file: { readonly dataStart: number; readonly fileLength: number },
): StoredTensor {
  const dtype = DTYPES[String(entry?.dtype)];
  const shape = entry?.shape;
  const offsets = entry?.data_offsets;
  if (dtype === undefined)
    throw new TypeError(`"${name}" has the dtype ${String(entry?.dtype)}, which is not supported.`);
  if (!isWholeNumbers(shape) || !isWholeNumbers(offsets))
    throw new TypeError(`"${name}" has no shape or no offsets.`);
  const [begin = 0, end = 0] = offsets;
  const length = elementCount(shape) * bytesPerElement(dtype);
  if (end - begin !== length || file.dataStart + end > file.fileLength) {
    throw new TypeError(
      `"${name}" says bytes ${begin}..${end}, which its shape or the file's length contradicts.`,
    );
  }
  return { dtype, shape, offset: file.dataStart + begin, length };
}

function isWholeNumbers(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((item) => Number.isSafeInteger(item) && item >= 0);
}
