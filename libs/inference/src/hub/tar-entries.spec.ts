import { describe, expect, it } from '@jest/globals';
import { Readable } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { tarEntries } from './tar-entries.js';

const BLOCK = 512;

/** A header as GNU tar writes it: its checksum is the sum of its bytes, with blanks in the checksum's place. */
function header(name: string, type: string, size: number): Buffer {
  const block = Buffer.alloc(BLOCK);
  block.write(name, 0);
  block.write(`${size.toString(8).padStart(11, '0')}\0`, 124);
  block.write('        ', 148);
  block.write(type, 156);
  block.write('ustar\x0000', 257, 'latin1');
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return block;
}

const padded = (text: string) => Buffer.concat([Buffer.from(text), Buffer.alloc(-text.length & (BLOCK - 1))]);
const file = (name: string, text: string) => [header(name, '0', text.length), padded(text)];
const records = (text: string) => [header('pax', 'x', text.length), padded(text)];
const END = Buffer.alloc(2 * BLOCK);

async function read(chunks: Iterable<Uint8Array>): Promise<Record<string, string>> {
  const contents: Record<string, string> = {};
  for await (const entry of tarEntries(Readable.from(chunks))) {
    let text = '';
    for await (const chunk of entry) text += String(chunk);
    contents[entry.header.name] = text;
  }
  return contents;
}

describe('tarEntries', () => {
  it('gives files by the names of their records', async () => {
    const long = 'n'.repeat(300);
    const pax = `${`310 path=${long}\n`.length} path=${long}\n`;
    expect(await read([...records(pax), ...file('short', 'a'), ...file('b', ''), END])).toEqual({
      [long]: 'a',
      b: '',
    });
  });

  it('passes over what is left of a content, however long', async () => {
    const bytes = Buffer.concat([...file('long', 'x'.repeat(3_000_000)), ...file('next', 'y'), END]);
    const chunks = Array.from({ length: bytes.length / 65_536 + 1 }, (_, index) =>
      bytes.subarray(index * 65_536, (index + 1) * 65_536),
    );
    const names: string[] = [];
    for await (const { header } of tarEntries(Readable.from(chunks))) names.push(header.name);
    expect(names).toEqual(['long', 'next']);
  });

  it.each([
    ['attributes', 'x'],
    ['attributes of all', 'g'],
    ['a name', 'L'],
    ['a link', 'K'],
  ])('refuses %s of 8 GB, and reads no more than a megabyte of them', async (_, type) => {
    let given = 0;
    const endless = (function* () {
      yield header('records', type, 2 ** 33 - 1);
      for (; given < 1e9; given += 65_536) yield Buffer.alloc(65_536, '1');
    })();
    await expect(read(endless)).rejects.toThrow('more than 1048576 bytes of names and attributes');
    await turn();
    expect(given).toBeLessThan(4_000_000);
  });

  it('refuses records without a file, however short each is', async () => {
    const endless = (function* () {
      for (let index = 0; index < 1e6; index += 1) yield* records('11 path=ab\n');
    })();
    await expect(read(endless)).rejects.toThrow('more than 1048576 bytes of names and attributes');
  });

  it.each(['-5', 'abc', '9'.repeat(30)])('refuses a file whose records say size=%s', async (size) => {
    const line = ` size=${size}\n`;
    const pax = `${line.length + 2}${line}`;
    await expect(read([...records(pax), ...file('a', 'aaa'), END])).rejects.toThrow('"a" has the size');
  });

  it('fails over a source that fails, and an end that comes early', async () => {
    const broken = Readable.from(
      (async function* () {
        yield header('a', '0', 1000);
        throw new Error('disk gone');
      })(),
    );
    await expect(
      (async () => {
        for await (const entry of tarEntries(broken)) for await (const _ of entry);
      })(),
    ).rejects.toThrow('disk gone');
    await expect(read([header('a', '0', 1000), Buffer.alloc(10)])).rejects.toThrow();
  });
});
