import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import type { Column } from './column.js';
import { fitTable } from './fit-table.js';
import { transformTable } from './transform-table.js';

interface Golden {
  readonly reference: string;
  /** Beside the rounding to float32. */
  readonly relativeTolerance: number;
  readonly cases: readonly {
    readonly column: Column;
    readonly fit: readonly unknown[];
    readonly transform: readonly unknown[];
    readonly features: readonly (readonly number[])[];
  }[];
}

const golden = JSON.parse(readFileSync(new URL('golden/table.json', import.meta.url), 'utf8')) as Golden;

describe(`a table gives the values of ${golden.reference}`, () => {
  it.each(golden.cases)('$column', ({ column, fit, transform, features }) => {
    const rowsOf = (cells: readonly unknown[]) => cells.map((x) => ({ x }));
    const fitted = JSON.parse(JSON.stringify(fitTable(rowsOf(fit), [column])));
    const { shape, data } = transformTable(rowsOf(transform), fitted);
    expect(shape).toEqual([features.length, features[0]?.length]);
    features.flat().forEach((value, index) => {
      const difference = Math.abs(value - (data[index] as number));
      expect(difference).toBeLessThanOrEqual(golden.relativeTolerance * Math.abs(value));
    });
  });
});
