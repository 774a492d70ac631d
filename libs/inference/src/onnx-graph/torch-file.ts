import { bytesPerElement, elementCount, type DType } from '@ganglion/tensor';
import { PickleName, readPickle, type PickleMeanings } from './pickle-reader.js';
import type { StoredTensor } from './tensor-proto.js';

/** A tensor of a torch file; its shape is that of its elements as they lie in the file. */
export interface TorchTensor extends StoredTensor {
  /**
   * Which stored axis each axis of the tensor is, as ONNX's `Transpose` takes it; 0, 1, 2, … for a tensor that lies
   * row-major.
   */
  readonly perm: readonly number[];
}

/** What the pickle says of the elements of one or more tensors. */
class Storage {
  constructor(
    readonly key: string,
    readonly dtype: DType,
    readonly elements: number,
  ) {}
}

/** What the pickle says of a tensor: shape and strides, in elements. */
class View {
  constructor(
    readonly storage: Storage,
    readonly first: number,
    readonly shape: readonly number[],
    readonly strides: readonly number[],
  ) {}
}

const MAGIC = 0x1950a86a20f9469cfc6cn;
const PROTOCOL = 1001;
const ZIP = [0x50, 0x4b, 0x03, 0x04];
const COUNT_BYTES = 8;

const DTYPES: Readonly<Record<string, DType>> = {
  'torch.DoubleStorage': 'float64',
  'torch.FloatStorage': 'float32',
  'torch.HalfStorage': 'float16',
  'torch.LongStorage': 'int64',
  'torch.IntStorage': 'int32',
  'torch.ShortStorage': 'int16',
  'torch.CharStorage': 'int8',
  'torch.ByteStorage': 'uint8',
  'torch.BoolStorage': 'bool',
};

/**
 * Reads which tensors a state dict holds that torch saved in its format before 1.6 (no zip), and where; the tensors
 * themselves stay untouched, and nothing of the pickle is run.
 *
 * @param file The whole file.
 * @source torch 1.5, torch/serialization.py, `_legacy_save`
 * @throws TypeError when the file breaks the format, holds anything but dense tensors, or points outside of itself;
 *   TensorError invalid_shape when a shape is past 2^53.
 */
export function readTorchIndex(file: Uint8Array): ReadonlyMap<string, TorchTensor> {
  if (ZIP.every((byte, index) => file[index] === byte))
    throw new TypeError(
      'The torch file is a zip, as torch writes since 1.6; only the format before is read.',
    );
  const magic = readPickle(file, 0, PLAIN);
  const protocol = readPickle(file, magic.end, PLAIN);
  if (magic.value !== MAGIC || protocol.value !== PROTOCOL)
    throw new TypeError('This is no torch file: its magic number or its protocol is another.');
  const system = readPickle(file, protocol.end, PLAIN);
  if (!(system.value instanceof Map) || system.value.get('little_endian') !== true)
    throw new TypeError('The torch file is not little-endian.');
  const state = readPickle(file, system.end, STATE_DICT);
  if (!(state.value instanceof Map)) throw new TypeError('The torch file holds no state dict.');
  const keys = readPickle(file, state.end, PLAIN);

  const views = [...state.value].map(([name, value]) => {
    if (typeof name === 'string' && value instanceof View) return [name, value] as const;
    throw new TypeError(`"${String(name)}" of the torch file is no tensor.`);
  });
  const storages = new Map(views.map(([, { storage }]) => [storage.key, storage]));
  const offsets = locateStorages(file, { keys: keys.value, from: keys.end, storages });
  return new Map(views.map(([name, view]) => [name, locateView(name, view, offsets)]));
}

function refuse(what: string): never {
  throw new TypeError(`The torch file refers to ${what}, which no state dict of plain tensors does.`);
}

const PLAIN: PickleMeanings = { call: (name) => refuse(name), resolve: () => refuse('a storage') };

const STATE_DICT: PickleMeanings = {
  call(name, args) {
    if (name === 'collections.OrderedDict' && args.length === 0) return new Map();
    if (name === 'torch._utils._rebuild_tensor_v2') return readView(args);
    return refuse(name);
  },
  resolve: readStorage,
};

/** A reference is ('storage', type, key, device, number of elements, None: no view of another storage). */
function readStorage(reference: unknown): Storage {
  if (!Array.isArray(reference)) return refuse('something outside');
  const [kind, type, key, , elements, view] = reference as unknown[];
  const dtype = type instanceof PickleName ? DTYPES[type.name] : undefined;
  if (dtype === undefined) return refuse(type instanceof PickleName ? type.name : 'something outside');
  if (kind !== 'storage' || typeof key !== 'string' || !isWhole(elements) || view !== null)
    throw new TypeError('The torch file has a storage that is none, or is a view of another.');
  return new Storage(key, dtype, elements);
}

/** The arguments are (storage, first element, shape, strides, whether it needs a gradient, hooks). */
function readView([storage, first, shape, strides]: readonly unknown[]): View {
  const isView = storage instanceof Storage && isWhole(first) && areWhole(shape) && areWhole(strides);
  if (!isView || shape.length !== strides.length)
    throw new TypeError('The torch file has a tensor without a storage, a shape or strides.');
  return new View(storage, first, shape, strides);
}

/** Behind the pickles lie the storages in the order of their keys, each behind its number of elements as an int64. */
function locateStorages(
  file: Uint8Array,
  listed: {
    readonly keys: unknown;
    readonly from: number;
    readonly storages: ReadonlyMap<string, Storage>;
  },
): ReadonlyMap<string, number> {
  if (!Array.isArray(listed.keys)) throw new TypeError('The torch file has no list of storages.');
  const bytes = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const offsets = new Map<string, number>();
  let offset = listed.from;
  for (const key of listed.keys as unknown[]) {
    const storage = listed.storages.get(String(key));
    if (storage === undefined || offsets.has(storage.key))
      throw new TypeError(`The storage "${String(key)}" of the torch file is of no tensor, or there twice.`);
    const start = offset + COUNT_BYTES;
    const end = start + storage.elements * bytesPerElement(storage.dtype);
    if (end > file.length)
      throw new TypeError(`The storage "${storage.key}" ends outside of the torch file.`);
    if (bytes.getBigUint64(offset, true) !== BigInt(storage.elements))
      throw new TypeError(
        `The storage "${storage.key}" does not have the ${storage.elements} elements it says.`,
      );
    offsets.set(storage.key, start);
    offset = end;
  }
  if (offset !== file.length) throw new TypeError('The torch file goes on behind its last storage.');
  return offsets;
}

function locateView(name: string, view: View, offsets: ReadonlyMap<string, number>): TorchTensor {
  const { storage, first, shape, strides } = view;
  const start = offsets.get(storage.key);
  if (start === undefined) throw new TypeError(`"${name}" has a storage that the torch file lacks.`);
  const elements = elementCount(shape);
  if (first + elements > storage.elements) throw new TypeError(`"${name}" ends outside of its storage.`);
  const order = storedOrder(shape, strides);
  if (order === null) throw new TypeError(`"${name}" skips or repeats elements of its storage.`);
  const elementBytes = bytesPerElement(storage.dtype);
  return {
    dtype: storage.dtype,
    shape: order.map((axis) => shape[axis] as number),
    offset: start + first * elementBytes,
    length: elements * elementBytes,
    perm: order.map((_, axis) => order.indexOf(axis)),
  };
}

/** The axes from the slowest to the fastest, or null when they do not cover the elements without a gap. */
function storedOrder(shape: readonly number[], strides: readonly number[]): number[] | null {
  const axes = shape.map((_, axis) => axis);
  // The stride of an axis of length 1 says nothing.
  const long = axes.filter((axis) => shape[axis] !== 1);
  const sorted = long.toSorted((left, right) => (strides[right] as number) - (strides[left] as number));
  let stride = 1;
  for (const axis of sorted.toReversed()) {
    if (strides[axis] !== stride) return null;
    stride *= shape[axis] as number;
  }
  const isRowMajor = sorted.every((axis, place) => axis === long[place]);
  return isRowMajor ? axes : [...sorted, ...axes.filter((axis) => shape[axis] === 1)];
}

function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function areWhole(value: unknown): value is number[] {
  return Array.isArray(value) && value.every(isWhole);
}
