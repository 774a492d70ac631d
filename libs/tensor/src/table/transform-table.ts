import { tensor, type Tensor } from '../tensor.js';
import type { FittedCategorical, FittedColumn, FittedTable, Row } from './column.js';
import { quote, readCell, refuseMissing } from './read-cell.js';
import { TableError } from './table-error.js';

/**
 * Makes a network's input of rows, by what was fitted.
 *
 * @returns `[rows, features]`, the features in the order of {@link featureNames}.
 * @throws TableError unknown_column for a value that no column is there for; invalid_value for one of another kind;
 *   missing_value and unseen_category where the column does not say what to do.
 */
export function transformTable(rows: readonly Row[], table: FittedTable): Tensor<'float32'> {
  const width = table.columns.reduce((sum, column) => sum + widthOf(column), 0);
  const known = new Set(table.columns.map(({ name }) => name));
  const features = new Float32Array(rows.length * width);
  rows.forEach((row, index) => {
    refuseUnknown(row, known, index);
    let offset = index * width;
    for (const column of table.columns) {
      const end = offset + widthOf(column);
      writeCell(column, row, index, features.subarray(offset, end));
      offset = end;
    }
  });
  return tensor('float32', [rows.length, width], features);
}

/** What the features are: the column's name, `name=category` (`name=` for unseen ones), `name is missing`. */
export function featureNames({ columns }: FittedTable): string[] {
  return columns.flatMap((column) => {
    const { name, indicator } = column;
    const names = isOneHot(column)
      ? [...column.categories, ...(column.unseen === 'own' ? [''] : [])].map(
          (category) => `${name}=${category}`,
        )
      : [name];
    return indicator ? [...names, `${name} is missing`] : names;
  });
}

function isOneHot(column: FittedColumn): column is FittedCategorical {
  return column.kind === 'categorical' && column.encoding === 'oneHot';
}

function widthOf(column: FittedColumn): number {
  const values = isOneHot(column) ? column.categories.length + Number(column.unseen === 'own') : 1;
  return values + Number(column.indicator);
}

function refuseUnknown(row: Row, known: ReadonlySet<string>, index: number): void {
  for (const name of Object.keys(row)) {
    if (known.has(name)) continue;
    throw new TableError(
      'unknown_column',
      `Row ${index}: there is no column ${quote(name)}; there are ${[...known].join(', ')}.`,
      index,
    );
  }
}

/** @param target The features of the column in this row, all 0. */
function writeCell(column: FittedColumn, row: Row, index: number, target: Float32Array): void {
  const cell = readCell(column, row, index);
  if (column.indicator) target[target.length - 1] = Number(cell === null);
  const value = cell ?? column.fill ?? refuseMissing(column.name, index);
  switch (column.kind) {
    case 'numeric':
      target[0] = ((value as number) - column.offset) / column.scale;
      return;
    case 'boolean':
      target[0] = Number(value);
      return;
    case 'categorical': {
      const place = placeOf(column, value as string, index);
      if (column.encoding === 'ordinal') target[0] = place;
      else if (place < column.categories.length || column.unseen === 'own') target[place] = 1;
    }
  }
}

/** Place of a category; behind all of them for one that is not among them. */
function placeOf({ name, categories, unseen }: FittedCategorical, value: string, index: number): number {
  const place = categories.indexOf(value);
  if (place >= 0) return place;
  if (unseen !== 'error') return categories.length;
  const examples = categories.slice(0, 10).join(', ');
  throw new TableError(
    'unseen_category',
    `Row ${index}, column "${name}": ${quote(value)} is none of its ${categories.length} categories (${examples}${categories.length > 10 ? ', …' : ''}).`,
    index,
  );
}
