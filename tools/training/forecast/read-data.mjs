import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/**
 * A series cut in two: what is known when the forecast is made, and what came. `season` is that of the seasonal-naive
 * forecast, `scaleSeason` the one that the benchmark divides errors by.
 *
 * @typedef {{ dataset: string, season: number, history: Float64Array, actual: Float64Array }} Task
 */

/** Hours of the 12 and 4 months that the benchmark trains and validates on; the next 4 months are its test part. */
const ETT_KNOWN = 16 * 30 * 24;
const ETT_TEST = 4 * 30 * 24;
const ETT_HORIZON = 48;
const ETT_STRIDE = 7 * 24 - 8;

/**
 * Half of the M4 competition's series of one frequency, with the test parts of the competition.
 *
 * @param {string | undefined} folder
 * @param {{ name: 'Hourly' | 'Weekly', season: number }} set
 * @returns {Promise<Task[]>}
 */
export async function readM4(folder, { name, season }) {
  const [train = [], test = []] = await Promise.all(
    ['train', 'test'].map((part) => readTable(folder, `m4/${name}-${part}.csv.gz`)),
  );
  const actual = new Map(test.map(([id = '', ...values]) => [id, toNumbers(values)]));
  return train.map(([id = '', ...values]) => ({
    dataset: `M4 ${name}`,
    season,
    history: toNumbers(values),
    actual: actual.get(id) ?? new Float64Array(),
  }));
}

/**
 * The seven columns of ETTh1 as series of their own: a history without the test part, and windows over the test part.
 *
 * @param {string | undefined} folder
 * @returns {Promise<{ histories: Task[], tests: Task[] }>}
 */
export async function readEtt(folder) {
  const rows = await readTable(folder, 'ett/ETTh1.csv.gz');
  const columns = Array.from({ length: 7 }, (_, column) => toNumbers(rows.map((row) => row[column + 1] ?? '')));
  const cut = (/** @type {Float64Array} */ values, /** @type {number} */ at) => ({
    dataset: 'ETTh1',
    season: 24,
    history: values.slice(0, at),
    actual: values.slice(at, at + ETT_HORIZON),
  });
  const windows = Math.floor((ETT_TEST - ETT_HORIZON) / ETT_STRIDE) + 1;
  return {
    histories: columns.map((values) => ({ ...cut(values, ETT_KNOWN) })),
    tests: columns.flatMap((values) =>
      Array.from({ length: windows }, (_, window) => cut(values, ETT_KNOWN + window * ETT_STRIDE)),
    ),
  };
}

async function readTable(/** @type {string | undefined} */ folder, /** @type {string} */ name) {
  if (!folder) throw new Error('GANGLION_DATA must name the folder of the data.');
  const text = gunzipSync(await readFile(join(folder, 'series', name))).toString('utf8');
  const [, ...lines] = text.trim().split('\n');
  return lines.map((line) => line.replaceAll('"', '').split(','));
}

/** Empty cells are behind the end. */
function toNumbers(/** @type {readonly string[]} */ cells) {
  return Float64Array.from(cells.filter((cell) => cell.trim() !== '').map(Number));
}
