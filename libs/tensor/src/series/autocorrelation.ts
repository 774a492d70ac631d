/**
 * Autocorrelation of lags 0 to `maxLag`: each lag's products summed and divided by those of lag 0, as statistics does
 * it where later lags have fewer products. All zero for a series of equal values.
 *
 * @param maxLag Below the number of values.
 * @throws RangeError when it is not.
 * @source Box and Jenkins, Time Series Analysis, section 2.1.5.
 */
export function autocorrelation(values: ArrayLike<number>, maxLag: number): Float64Array {
  if (maxLag >= values.length) {
    throw new RangeError(`${values.length} values have no lag of ${maxLag}.`);
  }
  const series = Float64Array.from(values);
  const mean = series.reduce((sum, value) => sum + value / series.length, 0);
  const products = Float64Array.from({ length: maxLag + 1 }, (_, lag) => {
    let sum = 0;
    for (let index = lag; index < series.length; index += 1) {
      sum += ((series[index] as number) - mean) * ((series[index - lag] as number) - mean);
    }
    return sum;
  });
  const variance = products[0] as number;
  return variance === 0 ? products : products.map((product) => product / variance);
}

/**
 * How large the autocorrelation of a lag may be by chance (one chance in twenty) in a series that depends on itself over
 * shorter lags only.
 *
 * @param correlations From lag 0, up to `lag` at the least.
 * @param count Values of the series.
 * @source Bartlett's formula; the test of seasonality of the M4 competition.
 */
export function autocorrelationLimit(correlations: Float64Array, lag: number, count: number): number {
  const shorter = correlations.subarray(1, lag).reduce((sum, value) => sum + value * value, 0);
  return NORMAL_95 * Math.sqrt((1 + 2 * shorter) / count);
}

/** 95 % of a standard normal distribution are below it. */
const NORMAL_95 = 1.6448536269514722;
