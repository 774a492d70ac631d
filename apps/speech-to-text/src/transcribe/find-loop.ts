/** A pattern must come so often, and its repetitions must have so many tokens together, to be a loop. */
const MIN_REPETITIONS = 3;
const MIN_LOOP_TOKENS = 12;
const MAX_PATTERN_TOKENS = 24;

/**
 * Whether a decoder has begun to say the same over and over, as it may on music or noise.
 *
 * @returns The number of tokens with the pattern but once, or null when there is no loop at the end.
 */
export function findLoop(tokens: readonly number[]): number | null {
  for (let length = 1; length <= MAX_PATTERN_TOKENS; length++) {
    const repetitions = Math.max(MIN_REPETITIONS, Math.ceil(MIN_LOOP_TOKENS / length));
    const start = tokens.length - length * repetitions;
    if (start < 0) continue;
    const isLoop = tokens.slice(start + length).every((token, index) => token === tokens[start + index]);
    if (isLoop) return start + length;
  }
  return null;
}
