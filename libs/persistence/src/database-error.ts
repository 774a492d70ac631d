/** Error codes of Node's sockets and name lookups that mean "no connection". One of them looks like a SQLSTATE. */
const NETWORK_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENOENT',
]);

/**
 * Classes and codes of SQLSTATE that say nothing about the statement: no connection, a wrong password, no resources,
 * shutting down, a time limit, an I/O error, a deadlock or serialization failure.
 */
const UNAVAILABLE_STATE = /^(08|28|53|57|58|40)|^(3D000|25P0[34])$/;

/** What pg and TypeORM say without a code. */
const UNAVAILABLE_MESSAGE =
  /timeout exceeded when trying to connect|timeout expired|Query read timeout|Connection terminated|connection error and is not queryable|Driver not Connected|pool after calling end|(query runner was|Query runner) already released/;

/** Classes of SQLSTATE that say that a value cannot be stored: data exception, constraint, limit of the server. */
const DATA_STATE = /^(22|23|54)/;

const SQL_STATE = /^[0-9A-Z]{5}$/;

/** The five characters that PostgreSQL names an error by; `undefined` for an error from elsewhere. */
export function sqlState(error: unknown): string | undefined {
  const code = codeOf(error);
  return code !== undefined && SQL_STATE.test(code) && !NETWORK_CODES.has(code) ? code : undefined;
}

/** True when the database could not be reached or could not do the work now; the same statement may succeed later. */
export function isDatabaseUnavailable(error: unknown): boolean {
  if (NETWORK_CODES.has(codeOf(error) ?? '')) return true;
  const state = sqlState(error);
  if (state !== undefined) return UNAVAILABLE_STATE.test(state);
  return error instanceof Error && UNAVAILABLE_MESSAGE.test(error.message);
}

/** True when the database refused a value: the same statement will never succeed. */
export function isDataRefused(error: unknown): boolean {
  return DATA_STATE.test(sqlState(error) ?? '');
}

function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
