/** Numbers that the garbage collector need not walk: millions of latencies would be part of what is measured. */
export class GrowingArray {
  #numbers = new Float64Array(1 << 16);
  #length = 0;

  push(/** @type {number} */ number) {
    if (this.#length === this.#numbers.length) {
      const larger = new Float64Array(2 * this.#length);
      larger.set(this.#numbers);
      this.#numbers = larger;
    }
    this.#numbers[this.#length++] = number;
  }

  get values() {
    return this.#numbers.subarray(0, this.#length);
  }
}
