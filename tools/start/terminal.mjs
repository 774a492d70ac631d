/** Where start speaks to its user: lines, and one line that is written over while something goes on. */
export class Terminal {
  #overwrites = false;
  #lastProgress = 0;

  /** @param {NodeJS.WriteStream} out */
  constructor(out = process.stdout) {
    this.out = out;
  }

  say(/** @type {string} */ line) {
    this.#endProgress();
    this.out.write(`${line}\n`);
  }

  /** On a terminal at most ten times a second; in a log file a line every five seconds. */
  progress(/** @type {string} */ line) {
    const now = Date.now();
    if (now - this.#lastProgress < (this.out.isTTY ? 100 : 5_000)) return;
    this.#lastProgress = now;
    if (!this.out.isTTY) this.out.write(`${line}\n`);
    else this.out.write(`\r${line}\x1b[K`);
    this.#overwrites = this.out.isTTY;
  }

  #endProgress() {
    if (this.#overwrites) this.out.write('\r\x1b[K');
    this.#overwrites = false;
  }
}
