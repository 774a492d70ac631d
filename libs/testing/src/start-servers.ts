import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NatsServer } from '@ganglion/tools/servers/nats-server';
import { startNats } from '@ganglion/tools/servers/nats-server';
import { postgresHome, removePostgres } from '@ganglion/tools/servers/postgres-installation';
import type { PostgresServer } from '@ganglion/tools/servers/postgres-server';
import { startPostgres } from '@ganglion/tools/servers/postgres-server';

/** A real nats-server and a real PostgreSQL, on ports of their own, that nobody else uses. */
export interface TestServers {
  readonly nats: NatsServer;
  readonly postgres: PostgresServer;
  /** A folder for whatever the test writes; it goes with the servers. */
  readonly folder: string;
  /** What a service reads to find both: addresses, token and a password for the roles that migrations make. */
  readonly environment: Readonly<Record<string, string>>;
  /** Ends both and deletes what they kept. */
  stop(): Promise<void>;
}

/** Starts both servers, empty, in under two seconds; they end with this process at the latest. */
export async function startServers(): Promise<TestServers> {
  const folder = await mkdtemp(join(tmpdir(), 'ganglion-test-'));
  const deleteIfOrphaned = [folder, postgresHome(folder)];
  const [nats, postgres] = await Promise.all([
    startNats({ folder: join(folder, 'nats') }),
    startPostgres({ folder, durable: false, deleteIfOrphaned }),
  ]);
  return {
    nats,
    postgres,
    folder,
    environment: {
      GANGLION_NATS_URL: nats.url,
      GANGLION_NATS_TOKEN: nats.token,
      GANGLION_DATABASE_URL: postgres.url,
      GANGLION_DATABASE_ROLE_PASSWORD: 'of-the-roles-in-this-test',
      GANGLION_BLOB_DIR: join(folder, 'blobs'),
    },
    stop: async () => {
      await Promise.all([nats.stop(), postgres.stop()]);
      await removePostgres(folder);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
