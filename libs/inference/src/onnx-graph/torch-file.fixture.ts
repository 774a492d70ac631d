import * as p from './pickle.fixture.js';

/** A tensor as a test describes it; the element type is that of `data`. */
export interface SavedTensor {
  readonly shape: readonly number[];
  /** In elements; row-major unless told otherwise. */
  readonly strides?: readonly number[];
  /** First element within the storage. */
  readonly first?: number;
  /** The whole storage. */
  readonly data: Float32Array | BigInt64Array;
  /** Tensors of the same key share a storage. */
  readonly key: string;
}

/** What a test breaks: each replaces a part of the file. */
export interface Breakage {
  readonly magic?: Uint8Array;
  readonly system?: Uint8Array;
  readonly state?: Uint8Array;
  readonly keys?: readonly string[];
  /** How many elements each storage says to have, where they lie. */
  readonly count?: number;
}

const MAGIC = p.long(0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19);
const SYSTEM = p.dictionary(
  p.text('protocol_version'),
  p.integer(1001),
  p.text('little_endian'),
  p.flag(true),
);

export function storage({ data, key }: SavedTensor): Uint8Array {
  const type = p.global('torch', data instanceof Float32Array ? 'FloatStorage' : 'LongStorage');
  const id = [p.text('storage'), type, p.text(key), p.text('cpu'), p.integer(data.length), p.none];
  return p.reference(p.tuple(...id));
}

export function savedTensor(tensor: SavedTensor): Uint8Array {
  const { shape, first = 0 } = tensor;
  const rowMajor = shape.map((_, axis) =>
    shape.slice(axis + 1).reduce((product, length) => product * length, 1),
  );
  const hooks = p.call(p.global('collections', 'OrderedDict'), p.tuple());
  const lengths = [shape, tensor.strides ?? rowMajor].map((axes) => p.tuple(...axes.map(p.integer)));
  const args = p.tuple(storage(tensor), p.integer(first), ...lengths, p.flag(false), hooks);
  return p.call(p.global('torch._utils', '_rebuild_tensor_v2'), args);
}

/** A state dict with the attributes that torch gives it. */
export function stateDict(tensors: Readonly<Record<string, Uint8Array>>): Uint8Array {
  const items = Object.entries(tensors).flatMap(([name, value]) => [p.text(name), value]);
  const made = p.withItems(p.call(p.global('collections', 'OrderedDict'), p.tuple()), ...items);
  return p.withAttributes(made, p.dictionary(p.text('_metadata'), p.dictionary()));
}

/** A state dict as torch saved it before 1.6. */
export function torchFile(tensors: Readonly<Record<string, SavedTensor>>, broken: Breakage = {}): Uint8Array {
  const saved = Object.fromEntries(
    Object.entries(tensors).map(([name, value]) => [name, savedTensor(value)]),
  );
  const storages = new Map(Object.values(tensors).map(({ key, data }) => [key, data]));
  const keys = broken.keys ?? [...storages.keys()];
  const bodies = keys.flatMap((key) => {
    const data = storages.get(key) ?? new Float32Array();
    const count = Buffer.alloc(8);
    count.writeBigInt64LE(BigInt(broken.count ?? data.length));
    return [count, Buffer.from(data.buffer)];
  });
  return Buffer.concat([
    p.pickle(broken.magic ?? MAGIC),
    p.pickle(p.integer(1001)),
    p.pickle(broken.system ?? SYSTEM),
    p.pickle(broken.state ?? stateDict(saved)),
    p.pickle(p.list(...keys.map(p.text))),
    ...bodies,
  ]);
}
