#!/usr/bin/env node
/** Runs what was built of `src`: this file is there before that, so that npm can link it in a fresh clone. */
import { existsSync } from 'node:fs';

const main = new URL('../dist/main.js', import.meta.url);
if (existsSync(main)) await import(main.href);
else {
  process.stderr.write('ganglion is not built yet: npm start builds it, and so does npm run build.\n');
  process.exitCode = 2;
}
