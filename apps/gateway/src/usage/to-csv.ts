import type { UsageRow } from '@ganglion/contracts/usage';

const COLUMNS = ['hour', 'keyId', 'operation', 'calls', 'errors', 'items', 'bytesIn', 'bytesOut'] as const;

/** Rows with a head line. @source RFC 4180 */
export function toCsv(rows: readonly UsageRow[]): string {
  const lines = rows.map((row) => COLUMNS.map((name) => toField(row[name])).join(','));
  return [COLUMNS.join(','), ...lines, ''].join('\r\n');
}

/** A text that a spreadsheet would take for a formula is marked as text. */
function toField(value: string | number): string {
  const text = typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
