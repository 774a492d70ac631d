/** Settings of a process that uses PostgreSQL, for its `config.ts`. */
export const databaseEnvironment = {
  databaseUrl: {
    env: 'GANGLION_DATABASE_URL',
    type: 'secret',
    doc:
      "The administrator's PostgreSQL URL. Migrations connect by it; at run time only its host, port, database and " +
      'TLS parameters are used.',
  },
  databaseRolePassword: {
    env: 'GANGLION_DATABASE_ROLE_PASSWORD',
    type: 'secret',
    doc: 'Password of the run-time roles, which migrations make (printable ASCII).',
  },
  databasePoolSize: {
    env: 'GANGLION_DATABASE_POOL_SIZE',
    type: 'integer',
    min: 1,
    max: 200,
    default: 10,
    doc: 'Most PostgreSQL connections of one process and role.',
  },
  databaseConnectTimeoutMs: {
    env: 'GANGLION_DATABASE_CONNECT_TIMEOUT_MS',
    type: 'integer',
    min: 1,
    max: 60_000,
    default: 2_000,
    doc: 'How long a call waits for a PostgreSQL connection.',
  },
  databaseStatementTimeoutMs: {
    env: 'GANGLION_DATABASE_STATEMENT_TIMEOUT_MS',
    type: 'integer',
    min: 1,
    max: 600_000,
    default: 4_000,
    doc: 'How long one statement may take at run time.',
  },
} as const;

export interface DatabaseSettings {
  readonly databaseUrl: string;
  readonly databaseRolePassword: string;
  readonly databasePoolSize: number;
  readonly databaseConnectTimeoutMs: number;
  readonly databaseStatementTimeoutMs: number;
}
