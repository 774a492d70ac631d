import { describe, expect, it } from '@jest/globals';
import { printable } from './printable.js';
import { renderTree } from './render-tree.js';

describe('renderTree', () => {
  it('puts values beside their names, parts below them, and lists of objects into tables', () => {
    const output = {
      label: 'cat',
      found: true,
      note: null,
      size: { width: 2, height: 1 },
      objects: [
        { label: 'cat', box: { x: 1.23456, y: 0 } },
        { label: 'a dog', extra: [1, 2] },
      ],
    };
    expect(renderTree(output)).toBe(
      [
        'label    cat',
        'found    true',
        'note     -',
        'size',
        '  width   2',
        '  height  1',
        'objects',
        '  label  box.x  box.y  extra',
        '  cat    1.235  0',
        '  a dog                1, 2',
      ].join('\n'),
    );
  });

  it('keeps lines of text apart, and says that there is none', () => {
    expect(renderTree({ text: 'one\ntwo', list: [], empty: {} })).toBe(
      ['text   one', '       two', 'list   none', 'empty  none'].join('\n'),
    );
    expect(renderTree('plain')).toBe('plain');
  });

  it('cuts long lists and says how many are left', () => {
    const list = Array.from({ length: 60 }, (_, index) => index);
    expect(renderTree({ list })).toMatch(/^list {2}0, 1, .*, 49 … and 10 more: --json has all$/);
    expect(
      renderTree(list.map((n) => ({ n })))
        .split('\n')
        .at(-1),
    ).toBe('… and 10 more: --json has all');
  });

  it.each([
    [0.99998945, '1.000'],
    [0.000036019, '0.00003602'],
    [1_234.567, '1234.57'],
    [12, '12'],
    [-0.25, '-0.25'],
  ])('writes %p as %s', (number, text) => expect(renderTree(number)).toBe(text));
});

describe('printable', () => {
  it('writes out what a terminal would obey', () => {
    expect(printable('a\u001b[2Jb\r\u202Ec\nd\te')).toBe('a\\u001b[2Jb\\u000d\\u202ec\nd e');
  });
});
