/**
 * Writes docs/environment.md, the page of every environment variable, from what was built.
 *
 * Usage: npm run build && node tools/docs/environment.mjs
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BUILT, collectEnvironments } from './collect-environments.mjs';
import { writePage } from './environment-page.mjs';

const page = join(import.meta.dirname, '..', '..', 'docs', 'environment.md');
await writeFile(page, await writePage(await collectEnvironments(BUILT)));
