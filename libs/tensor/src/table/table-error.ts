/**
 * What a {@link TableError} complains about. `invalid_column`: a column that can't be described or fitted so.
 * `unknown_column`: a value of a column that is not described. `invalid_value`: of another kind than its column.
 * `missing_value`: missing where none may be. `unseen_category`: none that the column was fitted to.
 */
export type TableErrorCode =
  'invalid_column' | 'unknown_column' | 'invalid_value' | 'missing_value' | 'unseen_category';

/** Why rows can't become a tensor; the message may be shown to who sent them. */
export class TableError extends Error {
  override readonly name = 'TableError';

  constructor(
    readonly code: TableErrorCode,
    message: string,
    /** Place of the row, from 0 on; undefined where it is about a column as a whole. */
    readonly row?: number,
  ) {
    super(message);
  }
}
