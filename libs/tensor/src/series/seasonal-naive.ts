/**
 * The seasonal-naive forecast: the last season over and over; with a season of 1, the last value.
 *
 * @param season Steps; at most as many as there are values.
 * @throws RangeError when it is not.
 */
export function forecastSeasonalNaive(
  values: ArrayLike<number>,
  horizon: number,
  season: number,
): Float64Array {
  if (!(season >= 1 && season <= values.length)) {
    throw new RangeError(`${values.length} values hold no season of ${season}.`);
  }
  const start = values.length - season;
  return Float64Array.from({ length: horizon }, (_, step) => values[start + (step % season)] as number);
}
