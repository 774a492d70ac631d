/**
 * Measures one of the figures that we hold ourselves to.
 *
 *   npm run bench -- list
 *   npm run bench -- <name> [--json] [--rounds 5] [--minutes 10]
 *
 * A bench is a file `<name>.bench.mjs` beside this one.
 */
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { cacheFolder } from '../servers/cache-folder.mjs';
import { build } from '../start/build.mjs';
import { REPOSITORY } from '../start/repository.mjs';
import { describeMachine } from './machine.mjs';

const ENDING = '.bench.mjs';

/**
 * @typedef {import('./figures.mjs').Figure} Figure
 *
 * @typedef {{ rounds: number, minutes: number, say: (line: string) => void, cacheFolder: string }} BenchOptions
 *   `say` tells whoever waits what is going on; it goes to standard error; `minutes` are for the benches that have no
 *   rounds.
 *
 * @typedef {{ summary: string, measure: (options: BenchOptions) => Promise<Figure[]> }} Bench
 */

/** @returns {Promise<Map<string, Bench>>} by name */
async function findBenches() {
  const files = (await readdir(import.meta.dirname)).filter((file) => file.endsWith(ENDING)).sort();
  const benches = await Promise.all(files.map((file) => import(new URL(file, import.meta.url).href)));
  return new Map(files.map((file, index) => [file.slice(0, -ENDING.length), benches[index]]));
}

async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      json: { type: 'boolean', default: false },
      rounds: { type: 'string', default: '5' },
      minutes: { type: 'string', default: '10' },
    },
  });
  const logFolder = join(REPOSITORY, '.nx', 'logs');
  await mkdir(logFolder, { recursive: true });
  await build({ logFolder, declarations: false });
  const benches = await findBenches();
  const [name = 'list'] = positionals;
  if (name === 'list') return list(benches);
  const bench = benches.get(name);
  if (bench === undefined) throw new Error(`There is no bench "${name}": ${[...benches.keys()].join(', ')}.`);
  const rounds = count('--rounds', values.rounds);
  const minutes = count('--minutes', values.minutes);
  const say = (/** @type {string} */ line) => console.error(line);
  const figures = await bench.measure({ rounds, minutes, say, cacheFolder: cacheFolder() });
  print(figures, values.json);
  if (figures.some(({ ok }) => ok === false)) process.exitCode = 1;
}

function count(/** @type {string} */ option, /** @type {string} */ value) {
  const number = Number(value);
  if (Number.isInteger(number) && number >= 1) return number;
  throw new Error(`${option} takes a whole number from 1 on.`);
}

/** @param {Map<string, Bench>} benches */
function list(benches) {
  for (const [name, { summary }] of benches) console.log(`${name.padEnd(12)}${summary}`);
}

/** @param {readonly Figure[]} figures */
function print(figures, /** @type {boolean} */ asJson) {
  const machine = describeMachine();
  if (asJson) {
    for (const figure of figures) console.log(JSON.stringify({ ...figure, machine }));
    return;
  }
  if (figures.length === 0) return;
  console.log(`${machine}\n`);
  const width = Math.max(...figures.map(({ name }) => name.length));
  for (const { name, value, unit, goal, ok, rounds } of figures) {
    const verdict = ok === null ? '' : ok ? 'ok' : 'MISSED';
    const spread = `${rounds.min} .. ${rounds.max}, ${rounds.count} rounds`;
    console.log(
      [
        name.padEnd(width),
        String(value).padStart(8),
        unit.padEnd(6),
        (goal ?? '').padEnd(8),
        verdict.padEnd(7),
        spread,
      ].join('  '),
    );
  }
}

await main();
