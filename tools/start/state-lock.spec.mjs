import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { lockState } from './state-lock.mjs';

const LOCK_AND_DIE = `
  const { lockState } = await import(process.argv[1]);
  await lockState(process.argv[2]);
  process.kill(process.pid, 'SIGKILL');
`;

describe('lockState', () => {
  /** @type {string} */
  let folder;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ganglion-lock-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('gives a folder to one, and to the next when it is given back', async () => {
    const unlock = await lockState(folder);
    await expect(lockState(folder)).rejects.toThrow(
      `Ganglion runs already with ${folder} (process ${process.pid})`,
    );
    await unlock();
    const again = await lockState(folder);
    await again();
    expect(await readdir(folder)).toEqual([]);
  });

  it('takes over from a process that was killed', async () => {
    const module = join(import.meta.dirname, 'state-lock.mjs');
    const killed = spawn(process.execPath, ['--input-type=module', '-e', LOCK_AND_DIE, module, folder]);
    await once(killed, 'exit');
    expect(await readdir(folder)).toEqual(['lock.json']);
    const unlock = await lockState(folder);
    await unlock();
  });
});
