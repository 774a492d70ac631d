export type {
  BooleanColumn,
  CategoricalColumn,
  Column,
  FittedBoolean,
  FittedCategorical,
  FittedColumn,
  FittedNumeric,
  FittedTable,
  NumericColumn,
  Row,
} from './column.js';
export { fitTable } from './fit-table.js';
export { TableError, type TableErrorCode } from './table-error.js';
export { featureNames, transformTable } from './transform-table.js';
