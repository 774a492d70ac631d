import { expect, it } from '@jest/globals';
import { formatTable } from './table.mjs';

it('lays out columns as wide as their widest cell, cut where a cell is too long', () => {
  const lines = formatTable(
    ['service', 'answer'],
    [
      ['nlp', 'a\nb'],
      ['forecasting', 'x'.repeat(100)],
    ],
  ).split('\n');
  expect(lines.slice(0, 3)).toEqual([
    'service      answer',
    `-----------  ${'-'.repeat(60)}`,
    'nlp          a b',
  ]);
  expect(lines[3]).toBe(`forecasting  ${'x'.repeat(59)}…`);
});
