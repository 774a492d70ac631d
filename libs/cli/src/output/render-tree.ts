import { printable } from './printable.js';
import { renderTable } from './render-table.js';

/** Longer lists are cut, and say so: `--json` has them whole. */
const MOST_ITEMS = 50;
const INDENT = '  ';

/**
 * Any JSON for reading: names with their values in columns, parts below their name, lists of objects as tables.
 *
 * @returns lines without a line break at the end
 */
export function renderTree(value: unknown): string {
  return renderLines(value).join('\n');
}

function renderLines(value: unknown): string[] {
  if (isObject(value)) return renderObject(value);
  if (Array.isArray(value)) return renderList(value);
  return renderScalar(value).split('\n');
}

function renderObject(object: Readonly<Record<string, unknown>>): string[] {
  const entries = Object.entries(object).map(([name, value]) => ({ name: printable(name), value }));
  if (entries.length === 0) return ['none'];
  const width = Math.max(...entries.map(({ name }) => name.length));
  return entries.flatMap(({ name, value }) => {
    const lines = renderLines(value);
    if (isBranch(value)) return [name, ...lines.map((line) => INDENT + line)];
    const [first = '', ...others] = lines;
    const rest = others.map((line) => ' '.repeat(width) + INDENT + line);
    return [`${name.padEnd(width)}${INDENT}${first}`.trimEnd(), ...rest];
  });
}

/** Whether a value stands below its name, and not beside it. */
function isBranch(value: unknown): boolean {
  if (Array.isArray(value)) return value.some((item) => isObject(item) || Array.isArray(item));
  return isObject(value) && Object.keys(value).length > 0;
}

function renderList(list: readonly unknown[]): string[] {
  if (list.length === 0) return ['none'];
  const shown = list.slice(0, MOST_ITEMS);
  const left = list.length - shown.length;
  const more = left === 0 ? [] : [`… and ${left} more: --json has all`];
  if (shown.every(isObject)) return [...renderTable(shown.map(flatten)), ...more];
  if (isBranch(shown)) return [...shown.map(renderInline), ...more];
  return [[shown.map(renderInline).join(', '), ...more].join(' ')];
}

/** `{ box: { x: 1 } }` as `{ 'box.x': '1' }`. */
function flatten(object: Readonly<Record<string, unknown>>): Record<string, string> {
  const cells = Object.entries(object).flatMap(([name, value]): [string, string][] => {
    if (!isObject(value)) return [[printable(name), renderInline(value)]];
    return Object.entries(flatten(value)).map(([inner, cell]) => [`${printable(name)}.${inner}`, cell]);
  });
  return Object.fromEntries(cells);
}

function renderInline(value: unknown): string {
  if (Array.isArray(value)) return value.map(renderInline).join(', ');
  if (isObject(value)) return printable(JSON.stringify(value));
  return renderScalar(value).replaceAll(/\s+/g, ' ');
}

function renderScalar(value: unknown): string {
  if (typeof value === 'number') return renderNumber(value);
  if (value === null || value === undefined) return '-';
  return printable(String(value));
}

/** Four digits that count, and two behind the point of a larger number; what is no whole number never looks like one. */
function renderNumber(value: number): string {
  if (Number.isInteger(value)) return String(value);
  if (Math.abs(value) >= 100) return value.toFixed(2);
  const rounded = Number(value.toPrecision(4));
  return Number.isInteger(rounded) ? value.toPrecision(4) : String(rounded);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
