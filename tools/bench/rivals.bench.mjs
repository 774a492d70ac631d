/** Ganglion whole, on one core, against FastAPI, LitServe, MLServer and BentoML on that core, with the same models. */
import { figure } from './figures.mjs';
import { formatFigures } from './rivals/format-figures.mjs';
import { measureRivals, RIVAL_COMPETITORS } from './rivals/measure-rivals.mjs';
import { OURS } from './rivals/ours.mjs';
import { RAW_ORT } from './rivals/raw-ort.mjs';

export const summary = 'the whole product on one core, against four Python servers with the same models';

/** @typedef {import('./rivals/measure-rivals.mjs').Figures} Row */

/** @type {import('./bench.mjs').Bench['measure']} */
export async function measure({ rounds, say }) {
  const rows = await measureRivals({ competitors: [RAW_ORT, OURS, ...RIVAL_COMPETITORS], rounds, say });
  say(formatFigures(rows));
  const ours = rows.filter(({ competitor }) => competitor === OURS.name);
  return [...ours.flatMap((row) => judge(row, rows)), ...rows.flatMap(record)];
}

/** Against the best of the rivals in the same round, and for the record against ONNX Runtime alone. */
function judge(/** @type {Row} */ ours, /** @type {readonly Row[]} */ rows) {
  const { model, callers, turns } = ours;
  const others = rows.filter((row) => row.model === model && row.callers === callers && row !== ours);
  const rivals = others.filter(({ competitor }) => competitor !== RAW_ORT.name);
  const [raw] = others.filter(({ competitor }) => competitor === RAW_ORT.name);
  const name = `rivals/${model}/${callers}-callers`;
  const figures = [];
  if (callers === 1) {
    const ratios = turns.map(({ p50Ms }, round) => p50Ms / Math.min(...at(rivals, round, 'p50Ms')));
    const added = turns.map(({ p50Ms }, round) => p50Ms - (raw?.turns[round]?.p50Ms ?? NaN));
    figures.push(figure(`${name}/p50`, ratios, { goal: { atMost: 1.2 } }));
    figures.push(figure(`${name}/over-onnxruntime`, added, { unit: 'ms' }));
  } else {
    const perSecond = turns.map(({ requestsPerSecond }) => requestsPerSecond);
    const ratios = perSecond.map((own, round) => own / Math.max(...at(rivals, round, 'requestsPerSecond')));
    const shares = perSecond.map((own, round) => own / (raw?.turns[round]?.requestsPerSecond ?? NaN));
    figures.push(figure(name, ratios, { goal: { atLeast: 1 } }));
    figures.push(figure(`${name}/of-onnxruntime`, shares));
  }
  return figures;
}

/** @param {readonly Row[]} rows @param {number} round @param {'p50Ms' | 'requestsPerSecond'} key */
function at(rows, round, key) {
  return rows.map(({ turns }) => turns[round]?.[key] ?? NaN);
}

function record(/** @type {Row} */ { model, callers, competitor, turns }) {
  const name = `rivals/${model}/${callers}-callers/${competitor}`;
  const of = (/** @type {'p50Ms' | 'requestsPerSecond'} */ key) => turns.map((turn) => turn[key]);
  return [
    figure(`${name}/throughput`, of('requestsPerSecond'), { unit: 'requests/s' }),
    figure(`${name}/latency`, of('p50Ms'), { unit: 'ms' }),
  ];
}
