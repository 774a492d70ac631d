import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { postgresHome, removePostgres } from '../../servers/postgres-installation.mjs';

const START = join(import.meta.dirname, '..', '..', 'start', 'start.mjs');

/** Every process on this machine whose command line or environment names that folder. */
const processesOf = async (/** @type {string} */ folder) => {
  const lines = await (process.platform === 'linux' ? processesByProc() : processesByPs());
  return lines.filter((line) => line.includes(folder));
};

const processesByPs = async () => (await promisify(execFile)('ps', ['axEww'])).stdout.split('\n');

const processesByProc = async () => {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const read = (/** @type {string} */ file) => readFile(file, 'utf8').catch(() => '');
  return Promise.all(
    pids.map(async (pid) => `${await read(`/proc/${pid}/cmdline`)} ${await read(`/proc/${pid}/environ`)}`),
  );
};

describe('npm start, serving', () => {
  /** @type {string} */
  let home;
  /** @type {import('node:child_process').ChildProcess} */
  let start;
  /** @type {{ url: string, apiKey: string }} */
  let endpoint;
  const endpointFile = () => join(home, 'endpoint.json');
  const isServing = () =>
    readFile(endpointFile(), 'utf8').then(
      (text) => Boolean((endpoint = JSON.parse(text))),
      () => false,
    );
  const postmaster = () =>
    readFile(join(postgresHome(home), 'data', 'postmaster.pid'), 'utf8').catch(() => undefined);

  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'ganglion-home-'));
    const env = { ...process.env, GANGLION_HOME: home, GANGLION_PORT: '0' };
    start = spawn(process.execPath, [START, '--only', 'control-plane'], { env, stdio: 'ignore' });
    while (start.exitCode === null && !(await isServing())) await sleep(50);
    expect(start.exitCode).toBeNull();
  }, 120_000);
  afterEach(async () => {
    if (start.exitCode === null && start.signalCode === null) start.kill('SIGKILL');
    await removePostgres(home);
    await rm(home, { recursive: true, force: true });
  });

  it('says where and by which key, and leaves nothing behind at its end', async () => {
    expect((await stat(endpointFile())).mode & 0o777).toBe(0o600);
    expect(await readFile(join(home, 'key'), 'utf8')).toBe(`${endpoint.apiKey}\n`);
    const headers = { authorization: `Bearer ${endpoint.apiKey}` };
    expect(await (await fetch(`${endpoint.url}/v1/services`, { headers })).json()).toMatchObject({
      ready: true,
    });

    start.kill('SIGTERM');
    expect(await once(start, 'exit')).toEqual([0, null]);
    expect(await processesOf(home)).toEqual([]);
    expect(await postmaster()).toBeUndefined();
    expect(await isServing()).toBe(false);
    await expect(fetch(endpoint.url)).rejects.toThrow();
  }, 120_000);

  it('leaves nothing behind when it is killed', async () => {
    start.kill('SIGKILL');
    const killedAt = Date.now();
    while ((await processesOf(home)).length > 0 && Date.now() - killedAt < 20_000) await sleep(100);
    expect(await processesOf(home)).toEqual([]);
    expect(await postmaster()).toBeUndefined();
    expect(await isServing()).toBe(false);
  }, 120_000);
});
