/** A name that a pickle would import, such as `torch.FloatStorage`: never looked up, only compared. */
export class PickleName {
  constructor(readonly name: string) {}
}

/** What a pickle means to its reader. Both throw TypeError for what they do not know. */
export interface PickleMeanings {
  /** What calling a name with these arguments stands for. */
  call(name: string, args: readonly unknown[]): unknown;
  /** What a reference to something outside of the pickle stands for. */
  resolve(reference: unknown): unknown;
}

export interface ReadPickle {
  /** Dictionaries are Maps, tuples and lists are arrays, whole numbers beyond 2^53 are bigints. */
  readonly value: unknown;
  /** Where the pickle ends, in bytes. */
  readonly end: number;
}

/**
 * Reads one pickle of protocol 2 without running anything: the opcodes that plain data uses and no other; names and
 * calls are handed to `meanings`.
 *
 * @param offset Where the pickle begins, in bytes.
 * @source CPython 3.11, Lib/pickletools.py
 * @throws TypeError when the pickle is damaged, or does what plain data does not.
 */
export function readPickle(file: Uint8Array, offset: number, meanings: PickleMeanings): ReadPickle {
  const machine = new PickleMachine(file, offset, meanings);
  for (let opcode = machine.byte(); opcode !== STOP; opcode = machine.byte()) {
    const run = OPCODES[opcode];
    if (run === undefined)
      throw new TypeError(`The pickle uses the opcode 0x${opcode.toString(16)}, which is not supported.`);
    run(machine);
  }
  return { value: machine.pop(), end: machine.offset };
}

const STOP = 0x2e;

const OPCODES: Readonly<Record<number, (machine: PickleMachine) => void>> = {
  0x80: (machine) => machine.expectProtocol(), // PROTO
  0x28: (machine) => machine.mark(), // MARK

  0x4e: (machine) => machine.push(null), // NONE
  0x88: (machine) => machine.push(true), // NEWTRUE
  0x89: (machine) => machine.push(false), // NEWFALSE
  0x4b: (machine) => machine.push(machine.byte()), // BININT1
  0x4d: (machine) => machine.push(machine.integer(2)), // BININT2
  0x4a: (machine) => machine.push(machine.integer(4) | 0), // BININT, signed
  0x8a: (machine) => machine.push(machine.long()), // LONG1
  0x58: (machine) => machine.push(machine.text(machine.integer(4))), // BINUNICODE

  0x29: (machine) => machine.push([]), // EMPTY_TUPLE
  0x85: (machine) => machine.push([machine.pop()]), // TUPLE1
  0x86: (machine) => machine.push([machine.pop(), machine.pop()].reverse()), // TUPLE2
  0x87: (machine) => machine.push([machine.pop(), machine.pop(), machine.pop()].reverse()), // TUPLE3
  0x74: (machine) => machine.push(machine.popToMark()), // TUPLE
  0x5d: (machine) => machine.push([]), // EMPTY_LIST
  0x61: (machine) => machine.append([machine.pop()]), // APPEND
  0x65: (machine) => machine.append(machine.popToMark()), // APPENDS
  0x7d: (machine) => machine.push(new Map()), // EMPTY_DICT
  0x73: (machine) => machine.setItems([machine.pop(), machine.pop()].reverse()), // SETITEM
  0x75: (machine) => machine.setItems(machine.popToMark()), // SETITEMS

  0x71: (machine) => machine.remember(machine.byte()), // BINPUT
  0x72: (machine) => machine.remember(machine.integer(4)), // LONG_BINPUT
  0x68: (machine) => machine.recall(machine.byte()), // BINGET
  0x6a: (machine) => machine.recall(machine.integer(4)), // LONG_BINGET

  0x63: (machine) => machine.push(new PickleName(`${machine.line()}.${machine.line()}`)), // GLOBAL
  0x51: (machine) => machine.resolve(), // BINPERSID
  0x52: (machine) => machine.call(), // REDUCE
  0x62: (machine) => machine.dropAttributes(), // BUILD
};

const PROTOCOL = 2;
const NEWLINE = 0x0a;
const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const DAMAGED = 'The pickle is damaged';

class PickleMachine {
  private readonly stack: unknown[] = [];
  /** How long the stack was at each mark. */
  private readonly marks: number[] = [];
  private readonly memo = new Map<number, unknown>();

  constructor(
    private readonly file: Uint8Array,
    public offset: number,
    private readonly meanings: PickleMeanings,
  ) {}

  private take(length: number): Uint8Array {
    const end = this.offset + length;
    if (end > this.file.length) throw new TypeError(`${DAMAGED}: it is cut short.`);
    const bytes = this.file.subarray(this.offset, end);
    this.offset = end;
    return bytes;
  }

  byte(): number {
    return this.take(1)[0] as number;
  }

  /** Unsigned, little-endian, of at most 4 bytes. */
  integer(length: number): number {
    return this.take(length).reduceRight((value, byte) => value * 256 + byte, 0);
  }

  /** Of any length, signed and little-endian. */
  long(): number | bigint {
    const bytes = this.take(this.byte());
    const value = BigInt.asIntN(
      8 * bytes.length,
      bytes.reduceRight((sum, byte) => sum * 256n + BigInt(byte), 0n),
    );
    return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  }

  text(length: number): string {
    const bytes = this.take(length);
    try {
      return UTF8.decode(bytes);
    } catch (cause) {
      throw new TypeError(`${DAMAGED}: a text is no UTF-8.`, { cause });
    }
  }

  line(): string {
    const end = this.file.indexOf(NEWLINE, this.offset);
    if (end < 0) throw new TypeError(`${DAMAGED}: a name does not end.`);
    const line = this.text(end - this.offset);
    this.take(1);
    return line;
  }

  push(value: unknown): void {
    this.stack.push(value);
  }

  pop(): unknown {
    if (this.stack.length <= (this.marks.at(-1) ?? 0))
      throw new TypeError(`${DAMAGED}: it takes more than there is.`);
    return this.stack.pop();
  }

  mark(): void {
    this.marks.push(this.stack.length);
  }

  popToMark(): unknown[] {
    const mark = this.marks.pop();
    if (mark === undefined) throw new TypeError(`${DAMAGED}: it lacks a mark.`);
    return this.stack.splice(mark);
  }

  append(items: readonly unknown[]): void {
    const list = this.pop();
    if (!Array.isArray(list)) throw new TypeError(`${DAMAGED}: it appends to what is no list.`);
    for (const item of items) list.push(item);
    this.push(list);
  }

  setItems(items: readonly unknown[]): void {
    const dictionary = this.pop();
    if (!(dictionary instanceof Map) || items.length % 2 === 1)
      throw new TypeError(`${DAMAGED}: it sets items of what is no dictionary.`);
    for (let index = 0; index < items.length; index += 2) dictionary.set(items[index], items[index + 1]);
    this.push(dictionary);
  }

  remember(index: number): void {
    const value = this.pop();
    this.push(value);
    this.memo.set(index, value);
  }

  recall(index: number): void {
    if (!this.memo.has(index)) throw new TypeError(`${DAMAGED}: it recalls what it never remembered.`);
    this.push(this.memo.get(index));
  }

  expectProtocol(): void {
    const protocol = this.byte();
    if (protocol !== PROTOCOL) throw new TypeError(`The pickle has the protocol ${protocol}, not 2.`);
  }

  call(): void {
    const args = this.pop();
    const callee = this.pop();
    if (!(callee instanceof PickleName) || !Array.isArray(args))
      throw new TypeError(`${DAMAGED}: it calls what is no name.`);
    this.push(this.meanings.call(callee.name, args));
  }

  resolve(): void {
    this.push(this.meanings.resolve(this.pop()));
  }

  /** The attributes of a dictionary, such as the versions of a state dict's modules, are no part of what it holds. */
  dropAttributes(): void {
    this.pop();
    const owner = this.pop();
    if (!(owner instanceof Map)) throw new TypeError('The pickle sets attributes of what is no dictionary.');
    this.push(owner);
  }
}
