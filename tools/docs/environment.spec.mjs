import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { EVENTS_STREAM, JOBS_STREAM, PREDICTIONS_STREAM } from '@ganglion/contracts/wire';
import { collectEnvironments, SOURCES } from './collect-environments.mjs';
import { writePage } from './environment-page.mjs';

const ROOT = join(import.meta.dirname, '..', '..');

/** @type {string[]} names that look like a variable's, and are none */
const OTHER_NAMES = [EVENTS_STREAM.name, JOBS_STREAM.name, PREDICTIONS_STREAM.name];

/** @returns {Promise<Map<string, string>>} every name that looks like a variable's in what is not a test, with a file */
async function findNames() {
  const names = new Map();
  for (const folder of ['apps', 'libs', 'tools']) {
    for (const file of await readdir(join(ROOT, folder), { recursive: true })) {
      if (!/\.(ts|mjs|py|sh)$/.test(file) || isLeftOut(file)) continue;
      const text = await readFile(join(ROOT, folder, file), 'utf8');
      for (const [name] of text.matchAll(/\bGANGLION_[A-Z0-9_]+/g)) names.set(name, `${folder}/${file}`);
    }
  }
  return names;
}

function isLeftOut(/** @type {string} */ file) {
  return /(^|\/)(node_modules|dist|types|test|docs)\/|\.spec\.|^testing\//.test(file);
}

/** @type {import('./environment-page.mjs').Process[]} */
let processes = [];
beforeAll(async () => {
  processes = await collectEnvironments(SOURCES);
}, 60_000);

describe('docs/environment.md', () => {
  it('is what `node tools/docs/environment.mjs` writes', async () => {
    const page = await readFile(join(ROOT, 'docs', 'environment.md'), 'utf8');
    expect(page).toBe(await writePage(processes));
  });

  it('has every variable that any source names', async () => {
    const declared = new Set(
      processes.flatMap(({ environment }) => Object.values(environment).map(({ env }) => env)),
    );
    const missing = [...(await findNames())].filter(
      ([name]) => !declared.has(name) && !OTHER_NAMES.includes(name),
    );
    expect(missing).toEqual([]);
  });

  it('has a table for every app', async () => {
    const titles = processes.map(({ title }) => title);
    for (const app of await readdir(join(ROOT, 'apps'))) expect(titles).toContain(app);
  });
});

describe('the page', () => {
  const about = 'For a test.';

  it('tells type, bounds, default and meaning', async () => {
    const page = await writePage([
      {
        title: 'one',
        about,
        environment: {
          port: { env: 'X_PORT', type: 'integer', min: 0, max: 9, default: 0, doc: 'A port.' },
          url: { env: 'X_URL', type: 'string', doc: 'cuda:<n>, a|b or `c:<n>`.' },
          key: { env: 'X_KEY', type: 'secret', default: null, doc: 'A key.' },
          names: { env: 'X_NAMES', type: 'list', default: ['a', 'b'], doc: 'Names.' },
          none: { env: 'X_NONE', type: 'list', default: [], doc: 'None.' },
          level: { env: 'X_LEVEL', type: 'enum', values: ['low', 'high'], default: 'low', doc: 'Level.' },
          on: { env: 'X_ON', type: 'boolean', default: false, doc: 'Whether.' },
        },
      },
    ]);
    const rows = page.split('\n').filter((line) => line.startsWith('| `X_'));
    expect(rows.map((row) => row.replaceAll(/ +/g, ' '))).toEqual([
      '| `X_PORT` | integer, 0 to 9 | `0` | A port. |',
      '| `X_URL` | string | **must be set** | cuda:\\<n>, a\\|b or `c:<n>`. |',
      '| `X_KEY` | secret | none | A key. |',
      '| `X_NAMES` | list, comma-separated | `a,b` | Names. |',
      '| `X_NONE` | list, comma-separated | none | None. |',
      '| `X_LEVEL` | `low`, `high` | `low` | Level. |',
      '| `X_ON` | boolean | `false` | Whether. |',
    ]);
  });
});
