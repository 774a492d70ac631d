import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/**
 * A series cut in two: what is known when the forecast is made, and what came. `scaleSeason` is the season by whose
 * changes the benchmark divides errors.
 *
 * @typedef {import('@ganglion/tensor/series').Frequency} Frequency
 * @typedef {{ dataset: string, frequency: Frequency, scaleSeason: number, history: Float64Array, actual: Float64Array }} Task
 */

/** Hours of the 12 months that the benchmark trains on and the 4 it validates on; the next 4 are its test part. */
const ETT_KNOWN = 16 * 30 * 24;
const ETT_TEST = 4 * 30 * 24;
/** Not a multiple of a day: windows start at all hours. */
const ETT_STRIDE = 160;

/** Half of the series of the M4 competition that are hourly or weekly, with its test parts. */
export const M4_SETS = /** @type {const} */ ([
  { name: 'Hourly', frequency: 'hour', scaleSeason: 24 },
  { name: 'Weekly', frequency: 'week', scaleSeason: 1 },
]);

/**
 * @param {string | undefined} folder
 * @param {typeof M4_SETS[number]} set
 * @returns {Promise<Task[]>}
 */
export async function readM4(folder, { name, frequency, scaleSeason }) {
  const [train = [], test = []] = await Promise.all(
    ['train', 'test'].map((part) => readTable(folder, `m4/${name}-${part}.csv.gz`)),
  );
  const actualOf = new Map(test.map(([id = '', ...values]) => [id, toNumbers(values)]));
  return train.map(([id = '', ...values]) => {
    const actual = actualOf.get(id);
    if (actual === undefined) throw new Error(`M4 ${name}: ${id} has no test part.`);
    return { dataset: `M4 ${name}`, frequency, scaleSeason, history: toNumbers(values), actual };
  });
}

/**
 * The seven columns of ETTh1 as series of their own: the part before the test, and windows over the test part.
 *
 * @param {string | undefined} folder
 * @param {number} horizon
 * @returns {Promise<{ histories: Task[], tests: Task[] }>}
 */
export async function readEtt(folder, horizon) {
  const rows = await readTable(folder, 'ett/ETTh1.csv.gz');
  const columns = Array.from({ length: 7 }, (_, column) =>
    toNumbers(rows.map((row) => row[column + 1] ?? '')),
  );
  const cut = (/** @type {Float64Array} */ values, /** @type {number} */ at) => ({
    dataset: 'ETTh1',
    frequency: /** @type {const} */ ('hour'),
    scaleSeason: 24,
    history: values.slice(0, at),
    actual: values.slice(at, at + horizon),
  });
  const stride = Math.max(ETT_STRIDE, horizon);
  const windows = Math.floor((ETT_TEST - horizon) / stride) + 1;
  return {
    histories: columns.map((values) => cut(values, ETT_KNOWN)),
    tests: columns.flatMap((values) =>
      Array.from({ length: windows }, (_, window) => cut(values, ETT_KNOWN + window * stride)),
    ),
  };
}

/** The rows below the heading. */
async function readTable(/** @type {string | undefined} */ folder, /** @type {string} */ name) {
  if (!folder) throw new Error('GANGLION_DATA must name the folder of the data.');
  const text = gunzipSync(await readFile(join(folder, 'series', name))).toString('utf8');
  const [, ...lines] = text.trim().split('\n');
  return lines.map((line) => line.replaceAll('"', '').split(','));
}

/** Empty cells are behind the end of a series. */
function toNumbers(/** @type {readonly string[]} */ cells) {
  return Float64Array.from(cells.filter((cell) => cell.trim() !== '').map(Number));
}
