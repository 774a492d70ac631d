/** @typedef {import('./build-features.mjs').Table} Table */

/**
 * The simulation runs over days 0 to 91. The first 37 days only fill the windows; between training and what it is measured
 * on lie the 7 days in which frauds are not known yet. Choices were made on the validation days, with training cut short.
 */
export const SPLIT = {
  firstDay: 37,
  validation: { train: [37, 55], measure: [63, 69] },
  test: { train: [37, 69], measure: [77, 91] },
};

/** The rows of the days `first` to `last`, both with them. @param {Table} table @param {number[]} days @returns {Table} */
export function rowsOfDays(table, [first = 0, last = 0]) {
  const width = table.features.length / table.labels.length;
  const from = table.days.findIndex((day) => day >= first);
  const after = table.days.findIndex((day) => day > last);
  const to = after < 0 ? table.days.length : after;
  return {
    features: table.features.slice(from * width, to * width),
    labels: table.labels.slice(from, to),
    days: table.days.slice(from, to),
    customers: table.customers.slice(from, to),
  };
}
