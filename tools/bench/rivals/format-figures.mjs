import { formatTable } from '../../start/table.mjs';

const HEADINGS = [
  'model',
  'callers',
  'server',
  'requests/s',
  'range',
  'p50 ms',
  'p90 ms',
  'p99 ms',
  'CPU ms',
  'errors',
];

/**
 * A table of what was measured; "CPU ms" is the server's processor time a request.
 *
 * @param {readonly import('./measure-rivals.mjs').Figures[]} figures
 */
export function formatFigures(figures) {
  const rows = figures.map((row) => [
    row.model,
    String(row.callers),
    row.competitor,
    brief(row.requestsPerSecond),
    `${brief(row.slowest)}-${brief(row.fastest)}`,
    ...[row.p50Ms, row.p90Ms, row.p99Ms].map(brief),
    brief(row.cpuMsPerRequest),
    String(row.errors),
  ]);
  return formatTable(HEADINGS, rows);
}

function brief(/** @type {number} */ value) {
  return Number.isNaN(value) ? '-' : value.toFixed(value < 1 ? 2 : value < 100 ? 1 : 0);
}
