import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Column, FittedTable } from './column.js';
import { fitTable } from './fit-table.js';
import { featureNames, transformTable } from './transform-table.js';

const COLUMNS: Column[] = [
  { name: 'amount', kind: 'numeric', scaling: 'minMax', missing: { constant: 0 }, indicator: true },
  { name: 'country', kind: 'categorical', encoding: 'oneHot', unseen: 'own' },
  { name: 'online', kind: 'boolean', missing: { constant: false } },
];
const ROWS = [
  { amount: 10, country: 'DE', online: true },
  { amount: null, country: 'CH', online: false },
  { amount: 20, country: 'DE' },
];

describe('fitTable and transformTable', () => {
  const fitted = fitTable(ROWS, COLUMNS);

  it('put the features in the order of the columns', () => {
    const names = ['amount', 'amount is missing', 'country=CH', 'country=DE', 'country=', 'online'];
    expect(featureNames(fitted)).toEqual(names);
    const { shape, data } = transformTable([...ROWS, { amount: 5, country: 'FR', online: true }], fitted);
    expect(shape).toEqual([4, 6]);
    expect(Array.from({ length: 4 }, (_, row) => [...data.subarray(row * 6, row * 6 + 6)])).toEqual([
      [0.5, 0, 0, 1, 0, 1],
      [0, 1, 1, 0, 0, 0],
      [1, 0, 0, 1, 0, 0],
      [0.25, 0, 0, 0, 1, 1],
    ]);
  });

  it('takes a number for its text where categories are asked for', () => {
    const codes = fitTable(
      [{ code: 5411 }, { code: '4829' }],
      [{ name: 'code', kind: 'categorical', encoding: 'ordinal', unseen: 'own' }],
    );
    expect([...transformTable([{ code: '5411' }, { code: 4829 }, { code: 7 }], codes).data]).toEqual([
      1, 0, 2,
    ]);
  });

  it('keeps what was fitted in plain JSON', () => {
    expect(JSON.parse(JSON.stringify(fitted))).toEqual(fitted);
  });

  it('scales to mean 0 and deviation 1 whatever there is', () => {
    const values = fc.array(fc.integer({ min: -1e6, max: 1e6 }), { minLength: 1 });
    fc.assert(
      fc.property(values, (amounts) => {
        const rows = amounts.map((amount) => ({ amount }));
        const table = fitTable(rows, [{ name: 'amount', kind: 'numeric', scaling: 'standard' }]);
        const { data } = transformTable(rows, table);
        const mean = data.reduce((sum, value) => sum + value, 0) / data.length;
        const variance = data.reduce((sum, value) => sum + value * value, 0) / data.length;
        expect(mean).toBeCloseTo(0, 4);
        expect(variance < 1e-6 || Math.abs(variance - 1) < 1e-3).toBe(true);
      }),
    );
  });
});

describe('a table refuses', () => {
  const strict = fitTable(ROWS.slice(0, 1), [
    { name: 'amount', kind: 'numeric', scaling: 'none' },
    { name: 'country', kind: 'categorical', encoding: 'oneHot', unseen: 'error' },
    { name: 'online', kind: 'boolean' },
  ]);
  const row = ROWS[0];

  it.each([
    [
      { ...row, amount: '10' },
      'invalid_value',
      'Row 0, column "amount": a finite number is expected, not "10".',
    ],
    [{ ...row, amount: Infinity }, 'invalid_value', 'a finite number is expected, not "Infinity".'],
    [{ ...row, country: ['DE'] }, 'invalid_value', 'a text is expected, not a list.'],
    [{ ...row, online: 1 }, 'invalid_value', 'true or false is expected, not "1".'],
    [{ ...row, amount: NaN }, 'missing_value', 'Row 0, column "amount": the value is missing.'],
    [{ amount: 1, country: 'DE' }, 'missing_value', 'column "online"'],
    [{ ...row, country: 'FR' }, 'unseen_category', '"FR" is none of its 1 categories (DE).'],
    [
      { ...row, colour: 1 },
      'unknown_column',
      'there is no column "colour"; there are amount, country, online.',
    ],
  ])('%j', (bad, code, message) => {
    const transform = () => transformTable([bad], strict);
    expect(transform).toThrow(message);
    expect(transform).toThrow(expect.objectContaining({ name: 'TableError', code, row: 0 }));
  });

  it.each<[string, Column[]]>([
    ['no column', []],
    ['a column twice', [COLUMNS[0] as Column, COLUMNS[0] as Column]],
    ['nothing to fit to', [{ name: 'age', kind: 'numeric', scaling: 'none', missing: 'mean' }]],
    ['zeros as an ordinal', [{ name: 'country', kind: 'categorical', encoding: 'ordinal', unseen: 'zeros' }]],
    [
      'a category twice',
      [{ name: 'country', kind: 'categorical', encoding: 'ordinal', unseen: 'own', categories: ['a', 'a'] }],
    ],
    [
      'a fill that is no number',
      [{ name: 'amount', kind: 'numeric', scaling: 'none', missing: { constant: NaN } }],
    ],
  ])('to fit %s', (_, columns) => {
    expect(() => fitTable(ROWS, columns)).toThrow(expect.objectContaining({ code: 'invalid_column' }));
  });

  it('what an object has of its own', () => {
    const table: FittedTable = fitTable(
      [{ constructor: 'a' }],
      [{ name: 'constructor', kind: 'categorical', encoding: 'ordinal', unseen: 'own' }],
    );
    expect(() => transformTable([{}], table)).toThrow(expect.objectContaining({ code: 'missing_value' }));
  });
});
