/** `ganglion models` as it is typed, in this clone: it needs no server. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

const PROGRAM = join(import.meta.dirname, '..', 'bin', 'ganglion.mjs');

describe('ganglion models', () => {
  let cache: string;
  beforeAll(async () => {
    cache = await mkdtemp(join(tmpdir(), 'ganglion-cli-models-'));
  });
  afterAll(() => rm(cache, { recursive: true }));

  const ganglion = (...args: string[]) => {
    const env = { PATH: process.env['PATH'], GANGLION_CACHE: cache, GANGLION_OFFLINE: '1' };
    return promisify(execFile)(process.execPath, [PROGRAM, ...args], { cwd: cache, env });
  };

  it('lists the models of the apps', async () => {
    const { stdout } = await ganglion('models', 'list');
    const models = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as object);
    expect(models).toContainEqual(
      expect.objectContaining({ id: 'minilm-sentiment', state: 'missing', slot: 'nlp/sentiment' }),
    );
  });

  it('passes options, output and exit code on', async () => {
    expect((await ganglion('models', '--help')).stdout).toMatch(/^ganglion models <command>/);
    await expect(ganglion('models', 'list', 'all')).rejects.toMatchObject({ code: 2 });
    await expect(ganglion('models', 'pull', 'minilm-sentiment')).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^GANGLION_OFFLINE is set, and .+ are not in the cache/),
    });
  });

  it('ends when it is told to', async () => {
    const child = spawn(process.execPath, [PROGRAM, 'models', 'verify'], { stdio: 'ignore' });
    await once(child, 'spawn');
    child.kill('SIGTERM');
    const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
    expect(code === 143 || signal === 'SIGTERM').toBe(true);
  });
});
