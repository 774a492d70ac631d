import { describe, expect, it } from '@jest/globals';
import { readPickle, type PickleMeanings } from './pickle-reader.js';
import * as p from './pickle.fixture.js';

const meanings: PickleMeanings = {
  call: (name, args) => ({ name, args }),
  resolve: (reference) => ({ reference }),
};
const read = (value: Uint8Array) => readPickle(p.pickle(value), 0, meanings).value;

describe('readPickle', () => {
  it.each([
    ['None', p.none, null],
    ['booleans', p.tuple(p.flag(true), p.flag(false)), [true, false]],
    ['whole numbers', p.tuple(p.raw('K', 255), p.raw('M', 1, 2), p.integer(-2)), [255, 513, -2]],
    ['long numbers', p.tuple(p.long(), p.long(0xff), p.long(0, 0, 0, 0, 1)), [0, -1, 2 ** 32]],
    ['numbers beyond 2^53', p.long(0, 0, 0, 0, 0, 0, 0, 0, 1), 2n ** 64n],
    ['text', p.text('höhe'), 'höhe'],
    [
      'tuples of each kind',
      p.list(
        p.raw(')'),
        p.raw('K', 1, 0x85),
        p.raw('K', 1, 'K', 2, 0x86),
        p.raw('K', 1, 'K', 2, 'K', 3, 0x87),
        p.tuple(p.none),
      ),
      [[], [1], [1, 2], [1, 2, 3], [null]],
    ],
    ['a list item by item', p.raw(']', 'K', 1, 'a', 'K', 2, 'a'), [1, 2]],
    ['dictionaries', p.dictionary(p.text('a'), p.integer(1)), new Map([['a', 1]])],
    ['a dictionary item by item', p.raw('}', p.text('a'), p.none, 's'), new Map([['a', null]])],
    ['what was said before', p.raw('(', p.text('a'), 'q', 7, 'h', 7, 'j', 7, 0, 0, 0, 't'), ['a', 'a', 'a']],
    ['far memory', p.raw(p.text('a'), 'r', 0, 1, 0, 0, 'j', 0, 1, 0, 0, 0x86), ['a', 'a']],
    ['attributes of a dictionary, which it leaves out', p.withAttributes(p.raw('}'), p.none), new Map()],
    ['a call', p.call(p.global('os', 'system'), p.tuple(p.text('id'))), { name: 'os.system', args: ['id'] }],
    ['a reference', p.reference(p.text('x')), { reference: 'x' }],
  ])('reads %s', (_, value, expected) => {
    expect(read(value)).toEqual(expected);
  });

  it('keeps a name like __proto__ a key', () => {
    expect(read(p.dictionary(p.text('__proto__'), p.integer(1)))).toEqual(new Map([['__proto__', 1]]));
  });

  it('says where the pickle ends', () => {
    const file = Buffer.concat([Buffer.alloc(3), p.pickle(p.none), Buffer.alloc(2)]);
    expect(readPickle(file, 3, meanings)).toEqual({ value: null, end: 7 });
  });

  it.each([
    ['an instance made by its class', p.raw('i', 'os\nsystem\n'), '0x69'],
    ['an object of protocol 2', p.raw(p.global('os', 'system'), ')', 0x81), '0x81'],
    ['a name off the stack', p.raw(p.text('os'), p.text('system'), 0x93), '0x93'],
    ['an extension', p.raw(0x82, 1), '0x82'],
    ['another protocol', p.raw(0x80, 4, 'N'), 'protocol 4'],
    ['an empty stack', p.raw(), 'takes more than there is'],
    ['what lies before a mark', p.raw('N', '(', 0x85), 'takes more than there is'],
    ['no mark', p.raw('t'), 'lacks a mark'],
    ['items of what is no list', p.raw('N', '(', 'e'), 'no list'],
    ['items of what is no dictionary', p.raw('N', '(', 'u'), 'no dictionary'],
    ['a key without a value', p.raw('}', '(', 'N', 'u'), 'no dictionary'],
    ['a memory that is none', p.raw('h', 3), 'never remembered'],
    ['a call of what is no name', p.call(p.text('eval'), p.tuple()), 'calls what is no name'],
    ['attributes of what is no dictionary', p.withAttributes(p.raw(']'), p.none), 'no dictionary'],
    ['a text longer than the file', p.raw('X', 255, 255, 255, 255), 'cut short'],
    ['a text that is no UTF-8', p.raw('X', 1, 0, 0, 0, 0xff), 'no UTF-8'],
    ['a name that does not end', p.raw('c', 'os'), 'a name does not end'],
  ])('refuses %s', (_, value, message) => {
    expect(() => read(value)).toThrow(message);
    expect(() => read(value)).toThrow(TypeError);
  });
});
