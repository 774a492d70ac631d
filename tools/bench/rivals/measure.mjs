/**
 * Measures the rivals alone: node tools/bench/rivals/measure.mjs [rounds] [seconds] [model ...]
 * Needs the apps built and their models pulled: "npm start -- --once --only nlp,image-recognition" does both.
 */
import { formatFigures } from './format-figures.mjs';
import { measureRivals } from './measure-rivals.mjs';

const interrupted = new AbortController();
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) {
  process.once(signal, () => interrupted.abort(new Error(`ended by ${signal}`)));
}
const [, , rounds = '5', seconds = '2', ...models] = process.argv;
const figures = await measureRivals({
  rounds: Number(rounds),
  seconds: Number(seconds),
  ...(models.length > 0 && { models: /** @type {any} */ (models) }),
  say: console.error,
  signal: interrupted.signal,
});
console.log(formatFigures(figures));
