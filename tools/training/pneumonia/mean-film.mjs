import { pixelsOf } from './read-films.mjs';

const COMPARISON = new URL('../../../apps/medical-imaging/dist/classify/resemblance.js', import.meta.url);

/** By the very functions that serve. @type {typeof import('../../../apps/medical-imaging/src/classify/resemblance.js')} */
const { resemblance, toBlocks } = await import(COMPARISON.href).catch((cause) => {
  throw new Error('The service is not built: "npx nx build @ganglion/medical-imaging" does it.', { cause });
});

/** The share of the training films that are less like their mean than is usual. */
const UNUSUAL_SHARE = 0.005;

/**
 * The mean of all films in 7 x 7 blocks, each standardised, and how like it all but a few films are.
 *
 * @param {import('./read-films.mjs').Films} films
 */
export function measureMeanFilm(films) {
  const all = Array.from(films.labels.keys(), (film) => pixelsOf(films, film));
  const sums = all
    .map((pixels) => toBlocks(pixels))
    .reduce((total, blocks) => blocks.map((value, i) => value + (total[i] ?? 0)));
  const meanFilm = sums.map((sum) => Number((sum / all.length).toFixed(3)));
  const sorted = all.map((pixels) => resemblance(pixels, meanFilm)).sort((a, b) => a - b);
  const usualResemblance = Number((sorted[Math.floor(UNUSUAL_SHARE * sorted.length)] ?? 0).toFixed(3));
  return { meanFilm, usualResemblance };
}
