/** Pairs of samples that are closer than this tell more of noise than of growth. */
const LEAST_MINUTES_APART = 0.5;

/**
 * How fast something grows, in percent of its first value a minute: the slopes of all pairs of samples, whose median is
 * robust against outliers. One pair for each way to be apart, so that the list stays short.
 *
 * @param {readonly { minute: number, value: number }[]} samples
 * @param {number} afterMinute earlier samples do not count, unless there are no others
 * @returns {number[]}
 * @source Sen, "Estimates of the regression coefficient based on Kendall's tau", 1968
 */
export function slopePercentPerMinute(samples, afterMinute) {
  const late = samples.filter(({ minute }) => minute >= afterMinute);
  const used = late.length > 1 ? late : samples;
  const first = used[0]?.value ?? NaN;
  return used.flatMap((from, index) =>
    used
      .slice(index + 1)
      .filter(({ minute }) => minute - from.minute >= LEAST_MINUTES_APART)
      .map((to) => (((to.value - from.value) / (to.minute - from.minute)) * 100) / first),
  );
}
