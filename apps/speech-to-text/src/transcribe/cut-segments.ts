import type { Span } from './speech-spans.js';

export interface SegmentRules {
  /** The longest segment, in frames. */
  readonly maxFrames: number;
  /** A longer pause always ends a segment. */
  readonly maxPauseFrames: number;
  /** Kept around speech on each side, where there is room: soft starts and ends are below the detector's threshold. */
  readonly paddingFrames: number;
}

/**
 * Joins stretches of speech to segments no longer than the model hears well, cut at pauses. Speech without a pause is
 * cut where it is least sure to be speech.
 *
 * @param probabilities Of speech, a frame each.
 */
export function cutSegments(
  spans: readonly Span[],
  probabilities: ArrayLike<number>,
  rules: SegmentRules,
): Span[] {
  const { maxFrames, maxPauseFrames } = rules;
  const pieces = pad(spans, probabilities.length, rules.paddingFrames).flatMap((span) =>
    split(span, probabilities, maxFrames),
  );
  const segments: Span[] = [];
  for (const piece of pieces) {
    const last = segments.at(-1);
    const isJoined =
      last !== undefined && piece.end - last.start <= maxFrames && piece.start - last.end <= maxPauseFrames;
    if (isJoined) segments[segments.length - 1] = { start: last.start, end: piece.end };
    else segments.push(piece);
  }
  return segments;
}

/** Widens each span, two neighbours at most to the middle between them. */
function pad(spans: readonly Span[], frames: number, padding: number): Span[] {
  return spans.map(({ start, end }, index) => {
    const before = spans[index - 1];
    const after = spans[index + 1];
    const earliest = before === undefined ? 0 : Math.ceil((before.end + start) / 2);
    const latest = after === undefined ? frames : Math.ceil((end + after.start) / 2);
    return { start: Math.max(earliest, start - padding), end: Math.min(latest, end + padding) };
  });
}

function split(span: Span, probabilities: ArrayLike<number>, maxFrames: number): Span[] {
  if (span.end - span.start <= maxFrames) return [span];
  // Not in the first half: many short pieces would be heard worse than a few long ones.
  let cut = span.start + Math.ceil(maxFrames / 2);
  for (let frame = cut; frame <= span.start + maxFrames; frame++) {
    if ((probabilities[frame] as number) < (probabilities[cut] as number)) cut = frame;
  }
  return [{ start: span.start, end: cut }, ...split({ start: cut, end: span.end }, probabilities, maxFrames)];
}
