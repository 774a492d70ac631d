import { execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { natsServerBinary } from './nats-binary.mjs';
import { startNats } from './nats-server.mjs';
import { OWNER_FILE, postgresHome, removePostgres } from './postgres-installation.mjs';
import { startPostgres } from './postgres-server.mjs';

/** @type {string} */
let folder;
const makeFolder = async () => {
  folder = await mkdtemp(join(tmpdir(), 'ganglion-servers-'));
};
const removeFolder = () => rm(folder, { recursive: true, force: true });

const isAlive = (/** @type {number} */ pid) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

/** From `/proc` on Linux, where `ps` may be missing, else from `ps`. */
const describeProcess = async (
  /** @type {number} */ pid,
  /** @type {string} */ file,
  /** @type {string} */ column,
) => {
  if (process.platform === 'linux') return readFile(`/proc/${pid}/${file}`, 'utf8');
  return (await promisify(execFile)('ps', ['-o', column, '-p', String(pid)])).stdout;
};

describe('nats-server', () => {
  beforeEach(makeFolder);
  afterEach(removeFolder);

  it('keeps its token out of its command line and in a file that only its owner reads', async () => {
    const server = await startNats({ folder });
    const commandLine = await describeProcess(server.pid, 'cmdline', 'args=');
    expect(commandLine).toContain('nats-server.conf');
    expect(commandLine).not.toContain(server.token);
    const configuration = join(folder, 'nats-server.conf');
    expect(await readFile(configuration, 'utf8')).toContain(server.token);
    expect((await stat(configuration)).mode & 0o777).toBe(0o600);
    await server.stop();
  });

  it('takes its old port again after a kill', async () => {
    const first = await startNats({ folder });
    process.kill(first.pid, 'SIGKILL');
    expect(await first.exited).toBe('SIGKILL');
    const second = await startNats({ folder, port: first.port, token: first.token });
    expect(second.url).toBe(first.url);
    await second.stop();
  });

  it('ends, and what was made for it goes, when its parent is killed', async () => {
    const parentCode = `
      import { startNats } from '${new URL('./nats-server.mjs', import.meta.url).href}';
      const server = await startNats({ folder: '${join(folder, 'nats')}', deleteIfOrphaned: ['${folder}'] });
      process.send(server.pid);
    `;
    await writeFile(join(folder, 'parent.mjs'), parentCode);
    const parent = fork(join(folder, 'parent.mjs'), { execArgv: [] });
    const [pid] = await once(parent, 'message');
    parent.kill('SIGKILL');
    while (isAlive(pid)) await sleep(50);
    await sleep(200);
    await expect(stat(folder)).rejects.toThrow(/ENOENT/);
  }, 20_000);

  it('says why it does not start', async () => {
    const first = await startNats({ folder: join(folder, 'a') });
    await expect(startNats({ folder: join(folder, 'b'), port: first.port })).rejects.toThrow(
      /address already in use/,
    );
    await first.stop();
  });
});

describe('natsServerBinary', () => {
  beforeEach(makeFolder);
  afterEach(removeFolder);
  const program = async (/** @type {string} */ version) => {
    const file = join(folder, 'nats-server');
    await writeFile(file, `#!/bin/sh\necho "nats-server: ${version}"\n`);
    await chmod(file, 0o755);
    return file;
  };

  it('takes the one that GANGLION_NATS_SERVER names, when it is new enough', async () => {
    const chosen = await program('v2.10.0');
    expect(await natsServerBinary({ GANGLION_NATS_SERVER: chosen })).toBe(chosen);
  });

  it('refuses one that is too old', async () => {
    const chosen = await program('v2.9.25');
    await expect(natsServerBinary({ GANGLION_NATS_SERVER: chosen })).rejects.toThrow(
      'is no nats-server 2.10 or newer',
    );
  });
});

describe('PostgreSQL', () => {
  beforeAll(makeFolder);
  afterAll(async () => {
    await removePostgres(folder);
    await removeFolder();
  });
  const options = () => ({ folder, password: 'of-this-test' });

  it('keeps what was committed when it is killed, and takes its old port again', async () => {
    const first = await startPostgres(options());
    const writer = new pg.Client({ connectionString: first.url });
    writer.on('error', () => {});
    await writer.connect();
    await writer.query('CREATE TABLE kept AS SELECT 7 AS n');
    process.kill(first.pid, 'SIGKILL');
    expect(await first.exited).toBe('SIGKILL');

    const second = await startPostgres({ ...options(), port: first.port });
    const reader = new pg.Client({ connectionString: second.url });
    await reader.connect();
    expect((await reader.query('SELECT n FROM kept')).rows).toEqual([{ n: 7 }]);
    await reader.end();
    await second.stop();
  }, 30_000);

  it('does not run as root', async () => {
    const server = await startPostgres(options());
    const owner = await describeProcess(server.pid, 'status', 'uid=');
    expect(Number(/^(?:[^]*\nUid:)?\s*(\d+)/.exec(owner)?.[1])).toBeGreaterThan(0);
    await server.stop();
  });

  it('begins anew when the state folder was deleted by hand, and its secrets with it', async () => {
    if (process.getuid?.() !== 0) return; // Then the data lie in that folder, and go with it.
    await rm(join(folder, OWNER_FILE));
    const server = await startPostgres({ folder, password: 'of-a-new-start' });
    await server.stop();
    await expect(startPostgres(options())).rejects.toThrow(/another password/);
  }, 30_000);

  it('says when it was made with another password', async () => {
    await expect(startPostgres({ folder, password: 'another' })).rejects.toThrow(/another password/);
  });

  it('is gone once it is removed', async () => {
    await removePostgres(folder);
    await expect(readdir(postgresHome(folder))).rejects.toThrow(/ENOENT/);
  });
});
