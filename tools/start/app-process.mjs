import { fork } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 10_000;
/** Who lived that long begins again with the shortest pause. */
const STEADY_MS = 30_000;
/** A stopping app drains what is in flight (25 s by default). */
const GRACE_MS = 30_000;
const TAIL_LINES = 12;

/**
 * `onEnd` is told of every end that nobody asked for; `onWarning` gets what the app logs as a warning or worse.
 *
 * @typedef {{
 *   label: string, main: string, args?: string[], env: NodeJS.ProcessEnv, execArgv?: string[], logFile: string,
 *   onEnd: (process: AppProcess, how: string) => void, onWarning: (line: string) => void,
 * }} AppProcessOptions
 */

/**
 * One app as a process, started again with growing pauses when it ends by itself. It has an IPC channel, by whose end
 * it knows that we are gone (`parent-watch.mjs`), and a session of its own, so that a Ctrl-C reaches us alone and we end things in order.
 */
export class AppProcess {
  /** @type {import('node:child_process').ChildProcess | undefined} */
  #child;
  /** @type {NodeJS.Timeout | undefined} */
  #restart;
  /** @type {Promise<void>} */
  #ended = Promise.resolve();
  #isStopping = false;
  #log;
  /** How often in a row it ended soon after its start. */
  quickEnds = 0;
  /** @type {string[]} the last lines that it wrote */
  tail = [];

  /** @param {AppProcessOptions} options */
  constructor(options) {
    this.options = options;
    this.label = options.label;
    this.#log = createWriteStream(options.logFile, { flags: 'w', mode: 0o600 });
    this.#start();
  }

  /** Undefined while it is down. */
  get pid() {
    return this.#child?.pid;
  }

  /** Sends a signal, to see what the others do. */
  kill(/** @type {NodeJS.Signals} */ signal) {
    this.#child?.kill(signal);
  }

  /** Ends it in good order, by force when it takes too long. */
  async stop() {
    this.#isStopping = true;
    clearTimeout(this.#restart);
    const child = this.#child;
    child?.kill('SIGTERM');
    const force = setTimeout(() => child?.kill('SIGKILL'), GRACE_MS);
    await this.#ended;
    clearTimeout(force);
  }

  /** Ends it and starts what is in `dist` now. */
  async restart() {
    await this.stop();
    this.#isStopping = false;
    this.#start();
  }

  #start() {
    const { main, args = [], env, execArgv = [] } = this.options;
    const startedAt = Date.now();
    const child = fork(main, args, {
      env,
      execArgv,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) {
      if (stream) createInterface({ input: stream }).on('line', (line) => this.#onLine(line));
    }
    this.#ended = new Promise((resolve) => {
      child.once('close', (code, signal) => {
        this.#child = undefined;
        resolve();
        if (!this.#isStopping) this.#onUnaskedEnd(signal ?? `code ${code}`, Date.now() - startedAt);
      });
    });
  }

  #onUnaskedEnd(/** @type {string} */ how, /** @type {number} */ livedMs) {
    this.quickEnds = livedMs < STEADY_MS ? this.quickEnds + 1 : 1;
    const pause = Math.min(FIRST_PAUSE_MS * 2 ** (this.quickEnds - 1), LONGEST_PAUSE_MS);
    this.#restart = setTimeout(() => this.#start(), pause);
    this.options.onEnd(this, how);
  }

  #onLine(/** @type {string} */ line) {
    this.#log.write(`${line}\n`);
    this.tail.push(line);
    if (this.tail.length > TAIL_LINES) this.tail.shift();
    const warning = readWarning(line);
    if (warning) this.options.onWarning(`[${this.label}] ${warning}`);
  }
}

/** What a person should read of a log line: the message of a JSON line at `warn` or above, else nothing. */
export function readWarning(/** @type {string} */ line) {
  if (!/"level":"(warn|error|fatal)"/.test(line)) return undefined;
  try {
    const { msg, err } = JSON.parse(line);
    return err?.message && !String(msg).includes(err.message) ? `${msg}: ${err.message}` : String(msg);
  } catch {
    return undefined;
  }
}
