import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Part } from './part.js';

const SHA256 = 'a'.repeat(64);
/** Beyond what Linux and macOS number processes by. */
const NO_PROCESS = 2 ** 22 + 1;
const HOST = hostname().replaceAll(/[^A-Za-z0-9-]/g, '-');

describe('Part', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ganglion-part-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  /** What a process left that was ended. */
  async function leave(host: string, pid: number, ageMs = 0) {
    const name = join(folder, `${SHA256}+${host}+${pid}+x`);
    await mkdir(name);
    await writeFile(join(name, 'content'), 'wei');
    await writeFile(join(name, 'etag'), '"1"');
    const then = new Date(Date.now() - ageMs);
    await utimes(join(name, 'content'), then, then);
  }
  async function* chunks(...texts: string[]) {
    for (const text of texts) yield Buffer.from(text);
  }

  it('takes over what a process left that is gone', async () => {
    await leave(HOST, NO_PROCESS);
    const part = await Part.claim(folder, SHA256);
    expect([await part.bytes(), await part.etag()]).toEqual([3, '"1"']);
    expect(await readdir(folder)).toHaveLength(1);
    expect(await (await Part.claim(folder, 'b'.repeat(64))).bytes()).toBe(0);
  });

  it.each([
    ['a process that runs', { host: HOST, pid: process.ppid, ageMs: 0 }, 0],
    ['another machine, a moment ago', { host: 'elsewhere', pid: NO_PROCESS, ageMs: 0 }, 0],
    ['another machine, hours ago', { host: 'elsewhere', pid: NO_PROCESS, ageMs: 7_200_000 }, 3],
  ])('begins with what is left by %s, when that is surely gone', async (_, { host, pid, ageMs }, bytes) => {
    await leave(host, pid, ageMs);
    expect(await (await Part.claim(folder, SHA256)).bytes()).toBe(bytes);
  });

  it("is one pull's alone, until that lets go of it", async () => {
    const part = await Part.claim(folder, SHA256);
    await part.restart('"2"');
    await part.append(chunks('we', 'ights'), () => undefined);
    const other = await Part.claim(folder, SHA256);
    expect(await other.bytes()).toBe(0);
    await other.release();
    await part.release();
    expect(await readdir(folder)).toHaveLength(1);
    expect(await (await Part.claim(folder, SHA256)).bytes()).toBe(7);
  });

  it('is of no use without an ETag', async () => {
    const part = await Part.claim(folder, SHA256);
    await part.restart(null);
    await part.append(chunks('weights'), () => undefined);
    await part.release();
    expect(await readdir(folder)).toEqual([]);
  });
});
