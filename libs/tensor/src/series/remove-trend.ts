/** What is left of a series when its least-squares line is taken off. */
export function removeTrend(values: ArrayLike<number>): Float64Array {
  const result = Float64Array.from(values);
  const middle = (result.length - 1) / 2;
  const mean = result.reduce((sum, value) => sum + value / result.length, 0);
  let covariance = 0;
  let spread = 0;
  result.forEach((value, index) => {
    covariance += (index - middle) * (value - mean);
    spread += (index - middle) ** 2;
  });
  const slope = spread === 0 ? 0 : covariance / spread;
  return result.map((value, index) => value - mean - slope * (index - middle));
}
