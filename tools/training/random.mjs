/**
 * Random numbers that are the same for the same seed, on every machine.
 *
 * @source Tommy Ettinger's mulberry32 (public domain)
 */
export class Random {
  constructor(/** @type {number} */ seed) {
    this.state = seed >>> 0;
  }

  /** Uniform in [0, 1). */
  next() {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let bits = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  }

  /** Uniform over [-limit, limit). */
  uniform(/** @type {number} */ limit) {
    return (2 * this.next() - 1) * limit;
  }

  /**
   * A shuffled copy (Fisher and Yates).
   *
   * @template T
   * @param {readonly T[]} values
   * @returns {T[]}
   */
  shuffle(values) {
    const shuffled = [...values];
    for (let last = shuffled.length - 1; last > 0; last -= 1) {
      const other = Math.floor(this.next() * (last + 1));
      [shuffled[last], shuffled[other]] = [
        /** @type {T} */ (shuffled[other]),
        /** @type {T} */ (shuffled[last]),
      ];
    }
    return shuffled;
  }
}
