/** A box by its sides, in pixels. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** One thing that a detector believes to see. */
export interface Candidate {
  /** Index into the model's labels. */
  readonly label: number;
  readonly score: number;
  readonly box: Box;
}

/** Intersection over union: 0 for boxes apart, 1 for equal ones. */
export function overlap(a: Box, b: Box): number {
  const width = Math.min(a.right, b.right) - Math.max(a.left, b.left);
  const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
  if (width <= 0 || height <= 0) return 0;
  const shared = width * height;
  return shared / (areaOf(a) + areaOf(b) - shared);
}

/**
 * Non-maximum suppression: of candidates of one label that overlap more than `maxOverlap`, only the best stays.
 *
 * @returns At most `maxCount` candidates, the best first.
 */
export function suppressNonMaxima(
  candidates: readonly Candidate[],
  { maxOverlap, maxCount }: { readonly maxOverlap: number; readonly maxCount: number },
): Candidate[] {
  const kept: Candidate[] = [];
  for (const candidate of candidates.toSorted((a, b) => b.score - a.score)) {
    if (kept.length === maxCount) break;
    const isHidden = kept.some(
      ({ label, box }) => label === candidate.label && overlap(box, candidate.box) > maxOverlap,
    );
    if (!isHidden) kept.push(candidate);
  }
  return kept;
}

function areaOf({ left, top, right, bottom }: Box): number {
  return (right - left) * (bottom - top);
}
