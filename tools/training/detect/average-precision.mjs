/**
 * Boxes are `[left, top, right, bottom]` in pixels.
 *
 * @typedef {readonly [number, number, number, number]} Box
 * @typedef {{ photo: string, label: number, box: Box }} Truth
 * @typedef {{ photo: string, label: number, score: number, box: Box }} Found
 */

/** IoU 0.50, 0.55, …, 0.95. */
const THRESHOLDS = Array.from({ length: 10 }, (_, index) => 0.5 + index * 0.05);
/** Recall 0, 0.01, …, 1. */
const RECALLS = Array.from({ length: 101 }, (_, index) => index / 100);

/**
 * COCO's mean average precision: over labels that occur, and over overlaps from 0.5 to 0.95.
 *
 * @source pycocotools 2.0 `COCOeval` (bbox, all areas, at most 100 boxes a photo, which the caller sees to)
 * @param {readonly Truth[]} truths
 * @param {readonly Found[]} found
 * @returns {{ map: number, map50: number }}
 */
export function meanAveragePrecision(truths, found) {
  const labels = [...new Set(truths.map(({ label }) => label))];
  const byLabel = labels.map((label) => ({
    truths: truths.filter((truth) => truth.label === label),
    found: found.filter((box) => box.label === label).sort((a, b) => b.score - a.score),
  }));
  const atThreshold = THRESHOLDS.map((threshold) =>
    mean(byLabel.map((boxes) => averagePrecision(boxes.truths, boxes.found, threshold))),
  );
  return { map: mean(atThreshold), map50: atThreshold[0] ?? Number.NaN };
}

/**
 * @param {readonly Truth[]} truths
 * @param {readonly Found[]} found The best first.
 * @param {number} threshold
 */
function averagePrecision(truths, found, threshold) {
  const isHit = matchBoxes(truths, found, threshold);
  let hits = 0;
  const points = isHit.map((hit, index) => {
    if (hit) hits += 1;
    return { recall: hits / truths.length, precision: hits / (index + 1) };
  });
  // Precision never rises with recall: each point takes the best of those behind it.
  for (let index = points.length - 2; index >= 0; index -= 1) {
    const [point, next] = [points[index], points[index + 1]];
    if (point && next) point.precision = Math.max(point.precision, next.precision);
  }
  return mean(RECALLS.map((recall) => points.find((point) => point.recall >= recall)?.precision ?? 0));
}

/**
 * Gives each box, the best first, the free true box that it overlaps most; tells which of them found one.
 *
 * @param {readonly Truth[]} truths
 * @param {readonly Found[]} found
 * @param {number} threshold
 */
function matchBoxes(truths, found, threshold) {
  /** @type {Set<Truth>} */
  const taken = new Set();
  return found.map(({ photo, box }) => {
    /** @type {{ truth: Truth | null, overlap: number }} */
    const best = { truth: null, overlap: threshold };
    for (const truth of truths) {
      if (truth.photo !== photo || taken.has(truth)) continue;
      const overlap = intersectionOverUnion(box, truth.box);
      if (overlap >= best.overlap) Object.assign(best, { truth, overlap });
    }
    if (best.truth !== null) taken.add(best.truth);
    return best.truth !== null;
  });
}

/**
 * Precision and recall, over all labels, of the boxes that score at least `minScore`; a hit overlaps by half.
 *
 * @param {readonly Truth[]} truths
 * @param {readonly Found[]} found
 * @param {number} minScore
 */
export function balanceAt(truths, found, minScore) {
  const kept = found.filter(({ score }) => score >= minScore).sort((a, b) => b.score - a.score);
  const labels = [...new Set(kept.map(({ label }) => label))];
  const hits = labels.flatMap((label) => {
    const ofLabel = (/** @type {{ label: number }} */ box) => box.label === label;
    return matchBoxes(truths.filter(ofLabel), kept.filter(ofLabel), 0.5).filter(Boolean);
  });
  return { precision: hits.length / kept.length, recall: hits.length / truths.length };
}

/** @param {Box} a @param {Box} b */
function intersectionOverUnion(a, b) {
  const width = Math.min(a[2], b[2]) - Math.max(a[0], b[0]);
  const height = Math.min(a[3], b[3]) - Math.max(a[1], b[1]);
  if (width <= 0 || height <= 0) return 0;
  const shared = width * height;
  return shared / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - shared);
}

/** @param {readonly number[]} values */
function mean(values) {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
