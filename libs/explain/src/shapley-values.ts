/** Values of a model for rows of features: `rows` is `[count, width]`, row-major; one value a row. */
export type Predict = (
  rows: Float32Array<ArrayBuffer>,
  count: number,
) => ArrayLike<number> | Promise<ArrayLike<number>>;

export interface ShapleyOptions {
  /** Features that enter and leave a coalition together, by their columns; every column is in one group. */
  readonly groups: readonly (readonly number[])[];
  /** Rows `[count, width]` that stand for the features outside a coalition; row-major, one row after the other. */
  readonly background: Float32Array;
}

export interface ShapleyExplanation {
  /** The mean value over the background. */
  readonly baseValue: number;
  /** One a group, signed; with `baseValue` they add up to `value`. */
  readonly contributions: readonly number[];
  /** The model's value for the row itself. */
  readonly value: number;
}

/** 2^groups coalitions are computed: more would be no exact method any more. */
const MOST_GROUPS = 12;

/**
 * The exact Shapley values of a row's groups of features. The worth of a coalition is the model's mean value over the
 * background with the coalition's features taken from the row (interventional). `predict` is called once, with
 * `2^groups x background` rows.
 *
 * @throws RangeError when a column is in no group or in two, or there are too many groups.
 * @source Shapley 1953; Lundberg and Lee 2017 (arXiv:1705.07874); the same values as shap's ExactExplainer
 */
export async function shapleyValues(
  row: Float32Array,
  predict: Predict,
  options: ShapleyOptions,
): Promise<ShapleyExplanation> {
  checkGroups(row.length, options);
  const backgroundRows = options.background.length / row.length;
  const coalitions = 2 ** options.groups.length;
  const values = await predict(coalitionRows(row, options), coalitions * backgroundRows);
  const worth = Float64Array.from({ length: coalitions }, (_, coalition) =>
    mean(values, coalition * backgroundRows, backgroundRows),
  );
  return {
    baseValue: worth[0] as number,
    contributions: options.groups.map((_, group) => contribution(worth, group, options.groups.length)),
    value: worth[coalitions - 1] as number,
  };
}

/**
 * The rows of all coalitions `[2^groups x background, width]`: bit g of a coalition's number says whether group g is
 * taken from the row.
 */
export function coalitionRows(
  row: Float32Array,
  { groups, background }: ShapleyOptions,
): Float32Array<ArrayBuffer> {
  const coalitions = 2 ** groups.length;
  const rows = new Float32Array(coalitions * background.length);
  for (let coalition = 0; coalition < coalitions; coalition += 1) {
    const start = coalition * background.length;
    rows.set(background, start);
    const columns = groups.flatMap((group, index) => ((coalition >> index) & 1 ? group : []));
    for (let offset = start; offset < start + background.length; offset += row.length) {
      for (const column of columns) rows[offset + column] = row[column] as number;
    }
  }
  return rows;
}

/** The mean, over all orders in which groups may join, of what group `group` adds to the worth of those before it. */
function contribution(worth: Float64Array, group: number, groupCount: number): number {
  const bit = 1 << group;
  let sum = 0;
  for (let coalition = 0; coalition < worth.length; coalition += 1) {
    if (coalition & bit) continue;
    const gain = (worth[coalition | bit] as number) - (worth[coalition] as number);
    sum += gain / (groupCount * choose(groupCount - 1, countBits(coalition)));
  }
  return sum;
}

function checkGroups(width: number, { groups, background }: ShapleyOptions): void {
  if (groups.length > MOST_GROUPS) {
    throw new RangeError(`${groups.length} groups are too many: ${MOST_GROUPS} at most.`);
  }
  const columns = groups.flat().sort((left, right) => left - right);
  if (columns.length !== width || columns.some((column, index) => column !== index)) {
    throw new RangeError(`The groups must hold each of the ${width} columns once.`);
  }
  if (background.length === 0 || background.length % width !== 0) {
    throw new RangeError(`The background must be rows of ${width} features, and at least one.`);
  }
}

function mean(values: ArrayLike<number>, from: number, count: number): number {
  let sum = 0;
  for (let index = from; index < from + count; index += 1) sum += values[index] as number;
  return sum / count;
}

function choose(n: number, k: number): number {
  let ways = 1;
  for (let i = 1; i <= k; i += 1) ways = (ways * (n - k + i)) / i;
  return ways;
}

function countBits(value: number): number {
  let count = 0;
  for (let rest = value; rest > 0; rest >>= 1) count += rest & 1;
  return count;
}
