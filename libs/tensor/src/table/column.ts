/** A row by the names of its columns. What is left away, null or NaN is missing. */
export type Row = Readonly<Record<string, unknown>>;

interface Named {
  readonly name: string;
  /** Whether a feature says where the value was missing: 1 there, else 0. */
  readonly indicator?: boolean;
}

/** Numbers. */
export interface NumericColumn extends Named {
  readonly kind: 'numeric';
  /** `standard`: mean 0, deviation 1. `minMax`: 0 to 1. `robust`: median 0, quartiles 1 apart. */
  readonly scaling: 'none' | 'standard' | 'minMax' | 'robust';
  /** What stands for a missing number before it is scaled; `error` by default. */
  readonly missing?: 'error' | 'mean' | 'median' | { readonly constant: number };
}

/** One of several texts; a number counts as its decimal text. */
export interface CategoricalColumn extends Named {
  readonly kind: 'categorical';
  /** `oneHot`: a feature a category. `ordinal`: the place of the category, from 0 on. */
  readonly encoding: 'oneHot' | 'ordinal';
  /** The categories in their order; by default those of the rows, sorted. */
  readonly categories?: readonly string[];
  /** What a category becomes that is not among them: `own` one of its own behind them, `zeros` none (one-hot only). */
  readonly unseen: 'error' | 'own' | 'zeros';
  /** What stands for a missing category; `error` by default. */
  readonly missing?: 'error' | 'mostFrequent' | { readonly constant: string };
}

/** True or false: 1 or 0. */
export interface BooleanColumn extends Named {
  readonly kind: 'boolean';
  /** What stands for a missing value; `error` by default. */
  readonly missing?: 'error' | { readonly constant: boolean };
}

/** What is to be made of one column of a table. */
export type Column = NumericColumn | CategoricalColumn | BooleanColumn;

interface Fitted {
  readonly name: string;
  readonly indicator: boolean;
}

/** `(value - offset) / scale` */
export interface FittedNumeric extends Fitted {
  readonly kind: 'numeric';
  /** Stands for what is missing; null where nothing may be. */
  readonly fill: number | null;
  readonly offset: number;
  readonly scale: number;
}

export interface FittedCategorical extends Fitted {
  readonly kind: 'categorical';
  readonly encoding: 'oneHot' | 'ordinal';
  readonly categories: readonly string[];
  readonly unseen: 'error' | 'own' | 'zeros';
  readonly fill: string | null;
}

export interface FittedBoolean extends Fitted {
  readonly kind: 'boolean';
  readonly fill: boolean | null;
}

export type FittedColumn = FittedNumeric | FittedCategorical | FittedBoolean;

/** All that {@link transformTable} needs, as plain JSON: it belongs into a manifest's `preprocessing`. */
export interface FittedTable {
  readonly columns: readonly FittedColumn[];
}
