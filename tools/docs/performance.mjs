/**
 * Writes `docs/performance.md` from what benches printed:
 *
 *   node tools/docs/performance.mjs <file of JSON lines> ...
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { formatPerformance } from './performance-page.mjs';

const files = process.argv.slice(2);
if (files.length === 0)
  throw new Error('Name the files that "npm run bench -- <name> --json" was written to.');
const texts = await Promise.all(files.map((file) => readFile(file, 'utf8')));
const figures = texts
  .flatMap((text) => text.split('\n'))
  .filter((line) => line.startsWith('{'))
  .map((line) => JSON.parse(line));
await writeFile(
  join(import.meta.dirname, '..', '..', 'docs', 'performance.md'),
  await formatPerformance(figures),
);
