/**
 * Trains the model `pneumonia-cnn` on PneumoniaMNIST: five networks, each on four fifths of the training part,
 * calibrated on the films that each had not seen; measures it on the part that it never saw, and writes it, its graph
 * and its figures into apps/medical-imaging/models. The same seed gives the same bytes. The service must be built: its own
 * function compares films.
 *
 * Usage: GANGLION_DATA=<folder> node tools/training/pneumonia/train.mjs --seed 7
 */
import { Random } from '../random.mjs';
import { chooseThreshold, fitPlatt, toLogOdds, toProbability } from './calibrate.mjs';
import { evaluate } from './evaluate.mjs';
import { exportGraph } from './export-graph.mjs';
import { measureMeanFilm } from './mean-film.mjs';
import { readFilms, SIDE } from './read-films.mjs';
import { describeMetrics } from './report.mjs';
import { predictLogits, trainNetwork } from './train-network.mjs';
import { say, trainCommand } from '../train-command.mjs';
import { writeModel } from '../write-model.mjs';

const FOLDS = 5;
const SENSITIVITY = 0.95;
/** Of pneumonia among the 5,232 films that both parts come from. @source Kermany et al. 2018 (Cell 172), 3,883 of 5,232 */
const PREVALENCE = 0.742;
const PROBE_FILMS = 2;

/** @typedef {import('./read-films.mjs').Films} Films */
/** @typedef {import('./network.mjs').Layer} Layer */
/** @typedef {{ slope: number, offset: number }} Calibration */

async function train(/** @type {number} */ seed) {
  const films = await readFilms(process.env.GANGLION_DATA, 'train');
  const unseen = await readFilms(process.env.GANGLION_DATA, 'val');
  const { networks, logits } = crossTrain(films, seed);

  const platt = fitPlatt(logits, films.labels);
  const share = films.labels.reduce((sum, label) => sum + label, 0) / films.labels.length;
  const calibration = { slope: platt.slope, offset: platt.offset - toLogOdds(share) };
  const heldRatios = logits.map((logit) => calibration.slope * logit + calibration.offset);
  const threshold = Number(chooseThreshold(heldRatios, films.labels, SENSITIVITY).toFixed(3));
  const use = { threshold, prevalence: PREVALENCE };
  say(`Calibration ${JSON.stringify(calibration)}, threshold ${threshold}.`);

  const held = evaluate(heldRatios, films.labels, use);
  const figures = evaluate(predictRatios(networks, calibration, unseen), unseen.labels, use);
  const shown = toProbability(threshold + toLogOdds(PREVALENCE));
  const metrics = describeMetrics(figures, held, { threshold: shown, prevalence: PREVALENCE });
  for (const { name, value, note } of metrics) console.log(`${name.padEnd(28)} ${value.toFixed(4)}  ${note}`);
  const { meanFilm, usualResemblance } = measureMeanFilm(films);
  await writeModel({ app: 'medical-imaging', id: 'pneumonia-cnn' }, exportGraph(networks, calibration), {
    preprocessing: { side: SIDE, ...use, meanFilm, usualResemblance },
    probe: makeProbe(networks, calibration, seed),
    metrics,
  });
}

/** A network for each fold, trained on the others, and what it says of its own: `logits` `[films]`. @param {Films} films @param {number} seed */
function crossTrain(films, seed) {
  const shuffled = new Random(seed).shuffle([...films.labels.keys()]);
  const logits = new Float32Array(films.labels.length);
  /** @type {Layer[][]} */
  const networks = [];
  for (let fold = 0; fold < FOLDS; fold += 1) {
    say(`Network ${fold + 1} of ${FOLDS} ...`);
    const held = shuffled.filter((_, i) => i % FOLDS === fold);
    const others = shuffled.filter((_, i) => i % FOLDS !== fold);
    const layers = trainNetwork(films, others, seed + 1 + fold);
    const own = predictLogits(layers, films, held);
    held.forEach((film, i) => (logits[film] = own[i] ?? 0));
    networks.push(layers);
  }
  return { networks, logits };
}

/** The log-likelihood ratio of every film. @param {Layer[][]} networks @param {Calibration} calibration @param {Films} films */
function predictRatios(networks, { slope, offset }, films) {
  const rows = [...films.labels.keys()];
  const logits = networks.map((layers) => predictLogits(layers, films, rows));
  return rows.map((row) => {
    const mean = logits.reduce((sum, ofNetwork) => sum + (ofNetwork[row] ?? 0), 0) / networks.length;
    return slope * mean + offset;
  });
}

/**
 * Painted films of two clouds in noise, for no child's film may be in here, and what the networks say to them as trained.
 *
 * @param {Layer[][]} networks @param {Calibration} calibration @param {number} seed
 */
function makeProbe(networks, calibration, seed) {
  const random = new Random(seed);
  const pixels = Uint8Array.from({ length: PROBE_FILMS * SIDE * SIDE }, (_, i) => {
    const [x, y] = [i % SIDE, Math.floor(i / SIDE) % SIDE];
    const cloud = Math.exp(-((Math.abs(x - 13.5) - 7) ** 2 / 20 + (y - 13) ** 2 / 60));
    return Math.round(190 - 110 * cloud + random.uniform(i < SIDE * SIDE ? 10 : 60));
  });
  const ratios = predictRatios(networks, calibration, { pixels, labels: new Uint8Array(PROBE_FILMS) });
  return {
    name: 'painted-films',
    inputs: {
      films: toJson(
        [PROBE_FILMS, SIDE, SIDE],
        Array.from(pixels, (pixel) => pixel / 255),
      ),
    },
    outputs: { log_likelihood_ratio: toJson([PROBE_FILMS], ratios) },
    tolerance: { absolute: 2e-3, relative: 1e-3 },
    reference: 'The networks as trained, in TensorFlow.js 4.22.0 (wasm), averaged and calibrated',
  };
}

/** @param {number[]} shape @param {readonly number[]} values */
function toJson(shape, values) {
  return { dtype: 'float32', shape, data: values.map((value) => Number(value.toPrecision(6))) };
}

await trainCommand(train);
