/**
 * Calibrates the intervals of the forecast on the known parts of three sets of series, measures it on their test parts
 * as the service would answer, and writes factors and figures into the manifest. Nothing of it is random.
 *
 *   GANGLION_DATA=<folder> node tools/training/forecast/evaluate.mjs
 *
 * Reads `series/m4/{Hourly,Weekly}-{train,test}.csv.gz` and `series/ett/ETTh1.csv.gz`. The projects must be built
 * (`npm run build`) and the model pulled (`npm start`).
 */
import { readFile, writeFile } from 'node:fs/promises';
import { format, resolveConfig } from 'prettier';
import { BLOCKS, findFactors, makeCalibrationWindows, scoreWindow } from './calibrate.mjs';
import { measure } from './measure.mjs';
import { loadPart, openModel } from './open-model.mjs';
import { M4_SETS, readEtt, readM4 } from './read-data.mjs';
import { describeMetrics } from './report.mjs';

/** @typedef {import('./read-data.mjs').Task} Task */
/** @typedef {import('./measure.mjs').Answer} Answer */

const MANIFEST = new URL('../../../apps/forecasting/models/fracast.json', import.meta.url);
const BLOCK = 48;

const [{ planBacktest, summariseBacktest }, { toIntervals }, { findSeason }] = await Promise.all(
  ['backtest', 'intervals', 'find-season'].map(loadPart),
);

const { GANGLION_DATA } = process.env;
const m4 = (await Promise.all(M4_SETS.map((set) => readM4(GANGLION_DATA, set)))).flat();
const ett = await readEtt(GANGLION_DATA, BLOCK);
const ettFar = await readEtt(GANGLION_DATA, BLOCKS * BLOCK);
const model = await openModel();

const windows = makeCalibrationWindows(m4, ett.histories);
say(`Calibrating on ${windows.length} windows of known parts ...`);
/** @type {import('./calibrate.mjs').Score[]} */
const scores = [];
for (const window of windows) {
  scores.push(...scoreWindow(window, await model.forecast(window.history, window.actual.length)));
}
const calibrate = (/** @type {string | undefined} */ without) => {
  const used = scores.filter(({ dataset }) => dataset !== without);
  return { 80: findFactors(used, 0.8), 95: findFactors(used, 0.95) };
};
const factors = calibrate(undefined);
say(`Factors: ${JSON.stringify(factors)}`);

const metrics = [];
for (const { title, tests } of [
  ...M4_SETS.map(({ name }) => ({
    title: `M4 ${name}, half of its series, test parts`,
    tests: m4.filter(({ dataset }) => dataset === `M4 ${name}`),
  })),
  { title: 'ETTh1, test part, windows of 48 steps', tests: ett.tests },
  { title: 'ETTh1, test part, windows of 192 steps', tests: ettFar.tests },
]) {
  say(`${title}: ${tests.length} series ...`);
  const answers = [];
  for (const test of tests) answers.push(await answer(test));
  const measured = {
    calibrated: measure(answers, factors),
    elsewhere: measure(answers, calibrate(tests[0]?.dataset)),
  };
  metrics.push(...describeMetrics(title, measured));
}
await model.close();

for (const { name, value, dataset, note } of metrics) console.log(`${dataset}: ${name} ${value}. ${note}`);
const manifest = JSON.parse(await readFile(MANIFEST, 'utf8'));
manifest.preprocessing.intervals = factors;
manifest.card.metrics = metrics;
const style = await resolveConfig(MANIFEST);
await writeFile(MANIFEST, await format(JSON.stringify(manifest), { ...style, parser: 'json' }));

/** What the service would answer, and which forecast its backtest says is better. @returns {Promise<Answer>} */
async function answer(/** @type {Task} */ task) {
  const { history, actual, frequency } = task;
  const season = findSeason(history, frequency).steps;
  const plan = planBacktest(history, { horizon: actual.length, season, leastKnown: 8 });
  const forecasts = [];
  for (const origin of plan.origins) {
    forecasts.push(toIntervals(await model.forecast(history.slice(0, origin), plan.steps), factors));
  }
  const backtest = summariseBacktest(history, plan, { forecasts, season });
  const quantiles = await model.forecast(history, actual.length);
  return { task, quantiles, advice: backtest?.better ?? 'model' };
}

function say(/** @type {string} */ line) {
  console.error(`${process.uptime().toFixed(0).padStart(4)} s  ${line}`);
}
