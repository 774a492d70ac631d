/** The opcodes of a value, as Python's pickle of protocol 2 writes them. */
type Opcodes = Uint8Array;

const ops = (...parts: readonly (number | string | Uint8Array)[]): Opcodes =>
  Buffer.concat(parts.map((part) => (typeof part === 'number' ? Buffer.of(part) : Buffer.from(part))));

function int32(value: number): Uint8Array {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return bytes;
}

export const none = ops('N');
export const flag = (value: boolean): Opcodes => ops(value ? 0x88 : 0x89);
export const integer = (value: number): Opcodes => ops('J', int32(value));
/** A whole number as its little-endian bytes. */
export const long = (...bytes: number[]): Opcodes => ops(0x8a, bytes.length, Uint8Array.from(bytes));
export const text = (value: string): Opcodes => ops('X', int32(Buffer.byteLength(value)), value);
export const tuple = (...items: Opcodes[]): Opcodes => ops('(', ...items, 't');
export const list = (...items: Opcodes[]): Opcodes => ops(']', '(', ...items, 'e');
/** Keys and values by turns. */
export const dictionary = (...items: Opcodes[]): Opcodes => ops('}', '(', ...items, 'u');
export const global = (module: string, name: string): Opcodes => ops('c', `${module}\n${name}\n`);
export const call = (callee: Opcodes, args: Opcodes): Opcodes => ops(callee, args, 'R');
export const reference = (id: Opcodes): Opcodes => ops(id, 'Q');
/** Sets items of a dictionary that a call made: keys and values by turns. */
export const withItems = (owner: Opcodes, ...items: Opcodes[]): Opcodes => ops(owner, '(', ...items, 'u');
export const withAttributes = (owner: Opcodes, attributes: Opcodes): Opcodes => ops(owner, attributes, 'b');
/** Opcodes as they are. */
export const raw = ops;

/** A whole pickle. */
export const pickle = (value: Opcodes): Opcodes => ops(0x80, 2, value, '.');
