const ITERATIONS = 50;

/**
 * What makes logits true: `slope` and `offset` such that sigmoid(slope · logit + offset) says most about the labels, by
 * Newton's method. Scale logits by it, and take off the labels' own log-odds, and what is left is the log-likelihood
 * ratio, which holds at any share of pneumonia.
 *
 * @source Platt 1999, "Probabilistic Outputs for Support Vector Machines", without his prior on the labels
 * @param {ArrayLike<number>} logits Of films that their network was not trained on.
 * @param {ArrayLike<number>} labels 0 or 1
 */
export function fitPlatt(logits, labels) {
  // From nothing, where the curve is flat: from elsewhere a step of Newton may go too far.
  let [slope, offset] = [0, 0];
  for (let i = 0; i < ITERATIONS; i += 1) {
    const sums = { slope: 0, offset: 0, slopes: 1e-9, both: 0, offsets: 1e-9 };
    for (let row = 0; row < labels.length; row += 1) {
      const logit = logits[row] ?? 0;
      const probability = toProbability(slope * logit + offset);
      const error = probability - (labels[row] ?? 0);
      const weight = probability * (1 - probability);
      sums.slope += error * logit;
      sums.offset += error;
      sums.slopes += weight * logit * logit;
      sums.both += weight * logit;
      sums.offsets += weight;
    }
    const determinant = sums.slopes * sums.offsets - sums.both ** 2;
    slope -= (sums.offsets * sums.slope - sums.both * sums.offset) / determinant;
    offset -= (sums.slopes * sums.offset - sums.both * sums.slope) / determinant;
  }
  return { slope, offset };
}

/**
 * The highest threshold at which the wanted share of the films with pneumonia is found.
 *
 * @param {ArrayLike<number>} scores @param {ArrayLike<number>} labels @param {number} sensitivity
 */
export function chooseThreshold(scores, labels, sensitivity) {
  const positives = Array.from(scores)
    .filter((_, row) => labels[row] === 1)
    .sort((a, b) => b - a);
  return /** @type {number} */ (positives[Math.ceil(sensitivity * positives.length) - 1]);
}

export function toProbability(/** @type {number} */ logOdds) {
  return 1 / (1 + Math.exp(-logOdds));
}

export function toLogOdds(/** @type {number} */ probability) {
  return Math.log(probability / (1 - probability));
}
