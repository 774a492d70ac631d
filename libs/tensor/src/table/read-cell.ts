import type { Row } from './column.js';
import { TableError } from './table-error.js';

/** What the cells of each kind of column hold. */
export interface Cells {
  readonly numeric: number;
  readonly categorical: string;
  readonly boolean: boolean;
}

/**
 * The value of a row in a column; null where it is missing.
 *
 * @throws TableError invalid_value
 */
export function readCell<K extends keyof Cells>(
  { name, kind }: { readonly name: string; readonly kind: K },
  row: Row,
  index: number,
): Cells[K] | null {
  // A name such as `constructor` must not find what every object has.
  const value = Object.hasOwn(row, name) ? row[name] : undefined;
  if (value === undefined || value === null || Number.isNaN(value)) return null;
  const read = READERS[kind](value);
  if (read !== null) return read as Cells[K];
  throw new TableError(
    'invalid_value',
    `Row ${index}, column "${name}": ${KINDS[kind]} is expected, not ${describe(value)}.`,
    index,
  );
}

/** @throws TableError missing_value */
export function refuseMissing(name: string, row: number): never {
  throw new TableError('missing_value', `Row ${row}, column "${name}": the value is missing.`, row);
}

const KINDS = { numeric: 'a finite number', categorical: 'a text', boolean: 'true or false' } as const;

const READERS: { readonly [K in keyof Cells]: (value: unknown) => Cells[K] | null } = {
  numeric: (value) => (Number.isFinite(value) ? (value as number) : null),
  categorical: (value) => {
    if (typeof value === 'string') return value;
    return Number.isFinite(value) ? String(value) : null;
  },
  boolean: (value) => (typeof value === 'boolean' ? value : null),
};

const LONGEST = 40;

function describe(value: unknown): string {
  if (typeof value === 'object') return Array.isArray(value) ? 'a list' : 'an object';
  return quote(String(value));
}

/** A value of a row, in a message. */
export function quote(text: string): string {
  return JSON.stringify(text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text);
}
