import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { AppProcess, readWarning } from './app-process.mjs';

const STEADY_APP = `
  console.log(JSON.stringify({ level: 'warn', msg: 'I warn you', pid: process.pid }));
  process.on('SIGTERM', () => process.exit(0));
  setInterval(() => {}, 1_000);
`;

/** @returns {Promise<void>} when it holds; Jest's own limit ends the waiting */
const until = async (/** @type {() => boolean} */ holds) => {
  while (!holds()) await sleep(10);
};

const isAlive = (/** @type {number} */ pid) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe('AppProcess', () => {
  /** @type {string} */
  let folder;
  /** @type {string[]} */
  let lines;
  const start = async (/** @type {string} */ code) => {
    const main = join(folder, 'main.mjs');
    await writeFile(main, code);
    return new AppProcess({
      label: 'app',
      main,
      env: process.env,
      logFile: join(folder, 'app.log'),
      onEnd: ({ label }, how) => lines.push(`${label} ended: ${how}`),
      onWarning: (line) => lines.push(line),
    });
  };

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ganglion-app-'));
    lines = [];
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('starts again what was killed, and says so', async () => {
    const app = await start(STEADY_APP);
    await until(() => lines.length === 1);
    const first = app.pid;
    app.kill('SIGKILL');
    await until(() => lines.length === 3);
    expect(lines).toEqual(['[app] I warn you', 'app ended: SIGKILL', '[app] I warn you']);
    expect(app.pid).not.toBe(first);
    await app.stop();
    expect(app.pid).toBeUndefined();
    expect(lines).toHaveLength(3);
  });

  it('counts how often in a row it ended at once, and keeps its last words', async () => {
    const app = await start("console.error('no way'); process.exit(3);");
    await until(() => app.quickEnds === 2);
    await app.stop();
    expect(lines).toEqual(['app ended: code 3', 'app ended: code 3']);
    expect(app.tail).toContain('no way');
    expect(await readFile(join(folder, 'app.log'), 'utf8')).toContain('no way');
  });

  it('runs a new build after a restart', async () => {
    const app = await start(STEADY_APP);
    await until(() => lines.length === 1);
    await writeFile(join(folder, 'main.mjs'), STEADY_APP.replace('warn you', 'am new'));
    await app.restart();
    await until(() => lines.length === 2);
    expect(lines[1]).toBe('[app] I am new');
    await app.stop();
  });
});

describe('an app whose parent is killed', () => {
  it.each([
    ['ends in good order when it takes SIGTERM', "process.on('SIGTERM', () => process.exit(0));"],
    ['ends at once while it does not listen yet', ''],
  ])('%s', async (_, listen) => {
    const folder = await mkdtemp(join(tmpdir(), 'ganglion-orphan-'));
    const watch = new URL('./parent-watch.mjs', import.meta.url).href;
    await writeFile(join(folder, 'app.mjs'), `${listen} setInterval(() => {}, 1_000);`);
    const parentCode = `
      import { fork } from 'node:child_process';
      const app = fork('${join(folder, 'app.mjs')}', { detached: true, execArgv: ['--import', '${watch}'] });
      app.once('spawn', () => setTimeout(() => process.send(app.pid), 300));
    `;
    await writeFile(join(folder, 'parent.mjs'), parentCode);
    const parent = fork(join(folder, 'parent.mjs'), { execArgv: [] });
    const [pid] = await once(parent, 'message');
    expect(isAlive(pid)).toBe(true);
    parent.kill('SIGKILL');
    await until(() => !isAlive(pid));
    await rm(folder, { recursive: true });
  });
});

describe('readWarning', () => {
  it('takes the message of a warning, with the error behind it', () => {
    expect(readWarning('{"level":"warn","msg":"Slow"}')).toBe('Slow');
    expect(readWarning('{"level":"error","msg":"Lost","err":{"message":"no route"}}')).toBe('Lost: no route');
  });

  it('leaves out what is no warning', () => {
    expect(readWarning('{"level":"info","msg":"Ready"}')).toBeUndefined();
    expect(readWarning('plain "level":"warn" text')).toBeUndefined();
  });
});
