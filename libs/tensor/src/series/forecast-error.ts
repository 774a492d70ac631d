/**
 * Mean absolute scaled error: how large the errors are beside those that the seasonal-naive forecast of one step makes
 * on the history. Below 1 is better than that. Undefined where that one makes none.
 *
 * @param history What was known when the forecast was made; longer than `season`.
 * @throws RangeError when the lengths do not fit.
 * @source Hyndman and Koehler (2006), Another look at measures of forecast accuracy.
 */
export function meanAbsoluteScaledError(
  actual: ArrayLike<number>,
  forecast: ArrayLike<number>,
  history: ArrayLike<number>,
  season: number,
): number | undefined {
  if (!(season >= 1 && season < history.length)) {
    throw new RangeError(`A history of ${history.length} values has no change over ${season} steps.`);
  }
  const changes = Array.from({ length: history.length - season }, (_, index) =>
    Math.abs((history[index + season] as number) - (history[index] as number)),
  );
  const scale = mean(changes);
  if (scale === 0) return undefined;
  return mean(pairs(actual, forecast).map(([value, expected]) => Math.abs(value - expected))) / scale;
}

/**
 * Symmetric mean absolute percentage error, 0 to 200. A pair of zeros is no error.
 *
 * @throws RangeError when the lengths do not fit.
 * @source Makridakis, Spiliotis and Assimakopoulos (2020), The M4 Competition.
 */
export function symmetricPercentageError(actual: ArrayLike<number>, forecast: ArrayLike<number>): number {
  return mean(
    pairs(actual, forecast).map(([value, expected]) =>
      value === expected ? 0 : (200 * Math.abs(value - expected)) / (Math.abs(value) + Math.abs(expected)),
    ),
  );
}

/**
 * Pinball loss of a forecast quantile, as a mean: what is above it costs `quantile` for each unit, what is below
 * `1 - quantile`. The true quantile has the least.
 *
 * @param quantile Between 0 and 1.
 * @throws RangeError when the lengths do not fit.
 * @source Koenker and Bassett (1978), Regression quantiles.
 */
export function pinballLoss(
  actual: ArrayLike<number>,
  forecast: ArrayLike<number>,
  quantile: number,
): number {
  return mean(
    pairs(actual, forecast).map(([value, expected]) =>
      value >= expected ? quantile * (value - expected) : (1 - quantile) * (expected - value),
    ),
  );
}

/**
 * Share of the values that lie within their intervals, the bounds included; 0 to 1.
 *
 * @throws RangeError when the lengths do not fit.
 */
export function intervalCoverage(
  actual: ArrayLike<number>,
  lower: ArrayLike<number>,
  upper: ArrayLike<number>,
): number {
  const above = pairs(actual, lower).map(([value, bound]) => value >= bound);
  const below = pairs(actual, upper).map(([value, bound]) => value <= bound);
  return mean(above.map((isAbove, index) => (isAbove && below[index] ? 1 : 0)));
}

function pairs(left: ArrayLike<number>, right: ArrayLike<number>): [number, number][] {
  if (left.length !== right.length || left.length === 0) {
    throw new RangeError(`${left.length} values cannot be compared with ${right.length}.`);
  }
  return Array.from(left, (value, index) => [value, right[index] as number]);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
