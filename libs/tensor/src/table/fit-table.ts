import type {
  BooleanColumn,
  CategoricalColumn,
  Column,
  FittedBoolean,
  FittedCategorical,
  FittedColumn,
  FittedNumeric,
  FittedTable,
  NumericColumn,
  Row,
} from './column.js';
import { readCell, refuseMissing } from './read-cell.js';
import { fitScaling, meanOf, medianOf } from './scaling.js';
import { TableError } from './table-error.js';

/**
 * Learns from rows what {@link transformTable} needs: first what stands for missing values, then, with these filled in,
 * scales and categories.
 *
 * @param columns In the order of the features.
 * @throws TableError invalid_column when there is none or one is described twice, a column has nothing to be fitted to, or
 *   its options contradict each other; invalid_value, missing_value, unseen_category as {@link transformTable}.
 */
export function fitTable(rows: readonly Row[], columns: readonly Column[]): FittedTable {
  if (columns.length === 0) throw new TableError('invalid_column', 'A table has one column at least.');
  const names = new Set<string>();
  for (const { name } of columns) {
    if (names.has(name)) throw new TableError('invalid_column', `Column "${name}" is described twice.`);
    names.add(name);
  }
  return { columns: columns.map((column) => fitColumn(rows, column)) };
}

function fitColumn(rows: readonly Row[], column: Column): FittedColumn {
  switch (column.kind) {
    case 'numeric':
      return fitNumeric(rows, column);
    case 'categorical':
      return fitCategorical(rows, column);
    case 'boolean':
      return fitBoolean(rows, column);
  }
}

function fitNumeric(rows: readonly Row[], column: NumericColumn): FittedNumeric {
  const { name, kind, indicator = false, missing = 'error', scaling } = column;
  const cells = rows.map((row, index) => readCell(column, row, index));
  const present = cells.filter((cell) => cell !== null);
  const isLearned = missing === 'mean' || missing === 'median';
  if (isLearned && present.length === 0) throw nothingToFit(name);
  const fill = {
    mean: () => meanOf(present),
    median: () => medianOf(present),
    error: () => null,
  };
  const filler = typeof missing === 'object' ? missing.constant : fill[missing]();
  if (filler !== null && !Number.isFinite(filler)) {
    throw new TableError('invalid_column', `Column "${name}" takes a finite number for what is missing.`);
  }
  const values = filled(cells, filler, name);
  if (scaling !== 'none' && values.length === 0) throw nothingToFit(name);
  return { name, kind, indicator, fill: filler, ...fitScaling(scaling, values) };
}

function fitCategorical(rows: readonly Row[], column: CategoricalColumn): FittedCategorical {
  const { name, kind, encoding, unseen, indicator = false, missing = 'error' } = column;
  if (encoding === 'ordinal' && unseen === 'zeros') {
    throw new TableError(
      'invalid_column',
      `Column "${name}": an ordinal 0 is the first category; take "own" or "error" for unseen ones.`,
    );
  }
  const cells = rows.map((row, index) => readCell(column, row, index));
  const fill = {
    mostFrequent: () => mostFrequent(cells, name),
    error: () => null,
  };
  const filler = typeof missing === 'object' ? missing.constant : fill[missing]();
  const values = filled(cells, filler, name);
  const categories = column.categories ?? [...new Set(values)].sort();
  if (categories.length === 0) throw nothingToFit(name);
  if (new Set(categories).size < categories.length) {
    throw new TableError('invalid_column', `Column "${name}" names a category twice.`);
  }
  return { name, kind, encoding, categories: [...categories], unseen, fill: filler, indicator };
}

function fitBoolean(rows: readonly Row[], column: BooleanColumn): FittedBoolean {
  const { name, kind, indicator = false, missing = 'error' } = column;
  const fill = missing === 'error' ? null : missing.constant;
  const cells = rows.map((row, index) => readCell(column, row, index));
  filled(cells, fill, name);
  return { name, kind, indicator, fill };
}

/** @throws TableError missing_value */
function filled<T>(cells: readonly (T | null)[], fill: T | null, name: string): T[] {
  return cells.map((cell, index) => cell ?? fill ?? refuseMissing(name, index));
}

/** Of several, the first in order. */
function mostFrequent(cells: readonly (string | null)[], name: string): string {
  const counts = new Map<string, number>();
  for (const cell of cells) if (cell !== null) counts.set(cell, (counts.get(cell) ?? 0) + 1);
  const most = Math.max(...counts.values());
  const [first] = [...counts.keys()].filter((category) => counts.get(category) === most).sort();
  if (first === undefined) throw nothingToFit(name);
  return first;
}

function nothingToFit(name: string): TableError {
  return new TableError('invalid_column', `Column "${name}" has no value to be fitted to.`);
}
