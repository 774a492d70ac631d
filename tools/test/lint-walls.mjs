/**
 * Lints each file of `fixtures/walls` as if it stood where its first line says, by the repository's own rules, and
 * prints what fired as JSON. A process of its own, for Nx's native code can't be loaded inside Jest's sandbox.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ESLint } from 'eslint';
import { WALLS } from '../../eslint.config.mjs';

const ROOT = join(import.meta.dirname, '..', '..');
const FIXTURES = join(import.meta.dirname, 'fixtures', 'walls');

/**
 * `expected` and `fired` hold `<rule> <message id>`; `scope` is the tag of the project that the file stands in.
 *
 * @typedef {{ fixture: string, scope: string, expected: string[], fired: string[] }} WallResult
 * @typedef {{ walledScopes: string[], files: WallResult[] }} WallReport
 */

const eslint = new ESLint({ cwd: ROOT });
/** @type {WallReport} */
const report = {
  walledScopes: WALLS.filter(({ onlyDependOnLibsWithTags: [first] }) => first !== '*').map(
    (wall) => wall.sourceTag,
  ),
  files: [],
};
for (const file of (await readdir(FIXTURES)).sort()) report.files.push(await lintFixture(file));
process.stdout.write(JSON.stringify(report));

/** @returns {Promise<WallResult>} */
async function lintFixture(/** @type {string} */ file) {
  const text = await readFile(join(FIXTURES, file), 'utf8');
  const [, standsAt, project] = /^\/\/ stands at: (((?:apps|libs)\/[^/]+)\/.+)$/m.exec(text) ?? [];
  if (!standsAt || !project) throw new Error(`${file} does not say where it stands`);
  const [result] = await eslint.lintText(text, { filePath: join(ROOT, standsAt) });
  const manifest = JSON.parse(await readFile(join(ROOT, project, 'package.json'), 'utf8'));
  return {
    fixture: file,
    scope: manifest.nx.tags[0],
    expected: [...text.matchAll(/^\/\/ must fail: (.+)$/gm)].map(([, rule]) => rule ?? ''),
    fired: (result?.messages ?? []).map(({ ruleId, messageId }) => `${ruleId} ${messageId}`),
  };
}
