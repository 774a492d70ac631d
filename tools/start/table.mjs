const WIDEST_CELL = 60;

/**
 * Lays rows out in columns under their headings.
 *
 * @param {string[]} headings
 * @param {string[][]} rows
 */
export function formatTable(headings, rows) {
  const cells = [headings, ...rows].map((row) => row.map(shorten));
  const widths = headings.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  const lines = cells.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  return [lines[0], widths.map((width) => '-'.repeat(width)).join('  '), ...lines.slice(1)].join('\n');
}

function shorten(/** @type {string} */ text) {
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length > WIDEST_CELL ? `${line.slice(0, WIDEST_CELL - 1)}…` : line;
}
