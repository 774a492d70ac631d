import { quantile } from '../figures.mjs';
import { GrowingArray } from './growing-array.mjs';

/**
 * What became of the requests that were due in a window of time; latencies count from when they were due.
 *
 * @typedef {{
 *   accepted: number, acceptedP99Ms: number, refused: number, refusedP99Ms: number, errors: number,
 * }} LoadWindow
 */

/** A window while it fills: latencies in milliseconds of what was answered and what was refused. */
export class FillingWindow {
  accepted = new GrowingArray();
  refused = new GrowingArray();
  errors = 0;

  /** @returns {LoadWindow} */
  close() {
    const [accepted, refused] = [this.accepted.values.sort(), this.refused.values.sort()];
    return {
      accepted: accepted.length,
      acceptedP99Ms: quantile(accepted, 0.99),
      refused: refused.length,
      refusedP99Ms: quantile(refused, 0.99),
      errors: this.errors,
    };
  }
}
