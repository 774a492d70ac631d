const ITERATIONS = 60;

/**
 * The temperature that makes logits say most about the labels: it minimises the mean of -log softmax(logits / t).
 *
 * @source Guo et al. 2017, "On Calibration of Modern Neural Networks" (arXiv:1706.04599)
 * @param {ArrayLike<number>} logits `[n, 2]` of sentences that their head was not trained on
 * @param {readonly number[]} labels 0 or 1
 */
export function findTemperature(logits, labels) {
  // The loss is convex in 1 / t: golden-section search.
  const ratio = (Math.sqrt(5) - 1) / 2;
  let [low, high] = [0.05, 20];
  for (let i = 0; i < ITERATIONS; i += 1) {
    const left = high - ratio * (high - low);
    const right = low + ratio * (high - low);
    if (meanLogLoss(logits, labels, left) < meanLogLoss(logits, labels, right)) high = right;
    else low = left;
  }
  return 2 / (low + high);
}

/** @param {ArrayLike<number>} logits @param {readonly number[]} labels @param {number} sharpness 1 / t */
function meanLogLoss(logits, labels, sharpness) {
  const losses = labels.map((label, i) => {
    const margin = ((logits[2 * i + 1] ?? 0) - (logits[2 * i] ?? 0)) * sharpness * (label === 1 ? 1 : -1);
    return Math.log1p(Math.exp(-Math.abs(margin))) + Math.max(0, -margin);
  });
  return losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
}

/** The probability of positive for each row of logits `[n, 2]`. @param {ArrayLike<number>} logits @param {number} temperature */
export function toProbabilities(logits, temperature) {
  return Array.from({ length: logits.length / 2 }, (_, i) => {
    const margin = ((logits[2 * i + 1] ?? 0) - (logits[2 * i] ?? 0)) / temperature;
    return 1 / (1 + Math.exp(-margin));
  });
}
