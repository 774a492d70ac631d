import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { HELP } from './arguments.mjs';

const START = join(import.meta.dirname, 'start.mjs');

describe('npm start, where it can go no further', () => {
  /** @type {string} */
  let home;
  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'ganglion-start-'));
  });
  afterAll(() => rm(home, { recursive: true, force: true }));

  /** @returns {Promise<{ code: number, output: string }>} */
  const start = (/** @type {string[]} */ args, /** @type {Record<string, string>} */ environment = {}) =>
    new Promise((resolve) => {
      const env = { ...process.env, GANGLION_HOME: home, ...environment };
      execFile(process.execPath, [START, ...args], { env }, (error, stdout, stderr) => {
        resolve({ code: Number(error?.code ?? 0), output: stdout + stderr });
      });
    });

  it('helps', async () => {
    expect(await start(['--help'])).toEqual({ code: 0, output: `${HELP}\n` });
  });

  it('refuses an option that it does not know, in one line', async () => {
    const { code, output } = await start(['--onec']);
    expect(code).toBe(1);
    expect(output).toMatch(/^Unknown option '--onec'.*--help\.\n$/);
  });

  it('refuses an app that is not there, in one line', async () => {
    const { code, output } = await start(['--only', 'telepathy']);
    expect({ code, output }).toEqual({
      code: 1,
      output: expect.stringMatching(/^There is no app "telepathy", .+\n$/),
    });
  });

  it('says in one line that its port is in use', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
    const { code, output } = await start(['--once'], { GANGLION_PORT: String(port) });
    server.close();
    expect({ code, output }).toEqual({
      code: 1,
      output: expect.stringMatching(/^Port \d+ is in use: .+\n$/),
    });
  });

  it('says in one line what is missing where it may contact nobody', async () => {
    const environment = { GANGLION_OFFLINE: '1', GANGLION_CACHE: join(home, 'empty'), GANGLION_PORT: '0' };
    const { code, output } = await start(['--once', '--only', 'nlp'], environment);
    expect({ code, output }).toEqual({
      code: 1,
      output: expect.stringMatching(/GANGLION_OFFLINE is set, and .+\n$/),
    });
  });

  it('says in one line that Python is missing', async () => {
    const { code, output } = await start(['--once'], { PATH: '/nowhere' });
    expect({ code, output }).toEqual({
      code: 1,
      output: expect.stringMatching(/^Python 3 is missing: .+\n$/),
    });
  });

  it('leaves no folder behind after a reset', async () => {
    const { code, output } = await start(['--reset']);
    expect({ code, output }).toEqual({
      code: 0,
      output: `Deleted the databases, keys and logs of ${home}.\n`,
    });
    await expect(readdir(home)).rejects.toThrow(/ENOENT/);
  });
});
