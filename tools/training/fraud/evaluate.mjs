const REVIEWED_SHARE = 0.01;
const CARDS_A_DAY = 100;
const BINS = 10;

/**
 * Scored transactions: `scores` rise with the log-odds, `days` and `customers` are those of the rows.
 *
 * @typedef {{ scores: Float32Array, labels: Uint8Array, days: Int32Array, customers: string[] }} Scored
 */

/** How well scores find frauds, and whether as probabilities they are true. @param {Scored} scored */
export function evaluate(scored) {
  const order = rankByScore(scored.scores);
  return {
    averagePrecision: averagePrecision(order, scored),
    rocAuc: rocAuc(order, scored),
    ...reviewed(order, scored),
    cardPrecision: cardPrecision(scored),
    ...calibration(order, scored),
  };
}

/** Rows, the highest score first; equal scores in the order of the rows. */
function rankByScore(/** @type {Float32Array} */ scores) {
  return Int32Array.from(scores.keys()).sort((a, b) => at(scores, b) - at(scores, a) || a - b);
}

/**
 * Area under the curve of precision over recall, as the sum of precision times each step of recall.
 *
 * @source scikit-learn `average_precision_score`
 * @param {Int32Array} order @param {Scored} scored
 */
function averagePrecision(order, { scores, labels }) {
  const frauds = sum(labels);
  let [found, foundBefore, area] = [0, 0, 0];
  order.forEach((row, i) => {
    found += at(labels, row);
    const next = order[i + 1];
    // Rows of equal score are one step.
    if (next !== undefined && at(scores, next) === at(scores, row)) return;
    area += ((found - foundBefore) / frauds) * (found / (i + 1));
    foundBefore = found;
  });
  return area;
}

/** The share of pairs of a fraud and another that are ordered right; a tie is half a pair. @param {Int32Array} order @param {Scored} scored */
function rocAuc(order, { scores, labels }) {
  const frauds = sum(labels);
  const others = labels.length - frauds;
  let [othersAbove, pairs] = [0, 0];
  for (let from = 0; from < order.length;) {
    let [tiedFrauds, tied] = [0, 0];
    const score = at(scores, at(order, from));
    while (from + tied < order.length && at(scores, at(order, from + tied)) === score) {
      tiedFrauds += at(labels, at(order, from + tied));
      tied += 1;
    }
    const tiedOthers = tied - tiedFrauds;
    pairs += tiedFrauds * (others - othersAbove - tiedOthers / 2);
    othersAbove += tiedOthers;
    from += tied;
  }
  return pairs / (frauds * others);
}

/** What a review of the 1 % with the highest scores finds. @param {Int32Array} order @param {Scored} scored */
function reviewed(order, { scores, labels }) {
  const count = Math.round(order.length * REVIEWED_SHARE);
  const found = order.slice(0, count).reduce((frauds, row) => frauds + at(labels, row), 0);
  return {
    recallAtReview: found / sum(labels),
    precisionAtReview: found / count,
    reviewThreshold: toProbability(at(scores, at(order, count - 1))),
  };
}

/**
 * Of the 100 cards a day with the highest score of one of their transactions, the share that was defrauded that day;
 * the mean over the days.
 *
 * @source Fraud Detection Handbook, section 4.4, but cards known to be compromised stay in
 * @param {Scored} scored
 */
function cardPrecision({ scores, labels, days, customers }) {
  const shares = [...new Set(days)].map((day) => {
    /** @type {Map<string, { score: number, fraud: number }>} */
    const cards = new Map();
    days.forEach((rowDay, row) => {
      if (rowDay !== day) return;
      const customer = customers[row] ?? '';
      const card = cards.get(customer) ?? { score: -Infinity, fraud: 0 };
      cards.set(customer, {
        score: Math.max(card.score, at(scores, row)),
        fraud: Math.max(card.fraud, at(labels, row)),
      });
    });
    const top = [...cards.values()].sort((a, b) => b.score - a.score).slice(0, CARDS_A_DAY);
    return top.reduce((frauds, { fraud }) => frauds + fraud, 0) / top.length;
  });
  return shares.reduce((total, share) => total + share, 0) / shares.length;
}

/** Brier score, and the expected calibration error over ten bins of equally many rows. @param {Int32Array} order @param {Scored} scored */
function calibration(order, { scores, labels }) {
  let [brier, error, predicted] = [0, 0, 0];
  for (let bin = 0; bin < BINS; bin += 1) {
    const rows = order.slice(
      Math.floor((bin * order.length) / BINS),
      Math.floor(((bin + 1) * order.length) / BINS),
    );
    let surplus = 0;
    for (const row of rows) {
      const probability = toProbability(at(scores, row));
      brier += (probability - at(labels, row)) ** 2;
      surplus += at(labels, row) - probability;
      predicted += probability;
    }
    error += Math.abs(surplus);
  }
  const n = order.length;
  return {
    brier: brier / n,
    calibrationError: error / n,
    meanProbability: predicted / n,
    fraudShare: sum(labels) / n,
  };
}

function toProbability(/** @type {number} */ logOdds) {
  return 1 / (1 + Math.exp(-logOdds));
}

function sum(/** @type {Uint8Array} */ values) {
  return values.reduce((total, value) => total + value, 0);
}

/** @param {ArrayLike<number>} values @param {number} index */
function at(values, index) {
  return /** @type {number} */ (values[index]);
}
