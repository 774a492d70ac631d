import { pathToFileURL } from 'node:url';
import { join } from 'node:path';

/** @typedef {import('./read-transactions.mjs').Transaction} Transaction */
/**
 * Features `[rows, 15]` as the service makes them, and what belongs to each row.
 *
 * @typedef {{ features: Float32Array, labels: Uint8Array, days: Int32Array, customers: string[] }} Table
 */

const APP = join(import.meta.dirname, '../../../apps/fraud-detection/dist/score');

/** @type {[typeof import('../../../apps/fraud-detection/src/score/features.js'), typeof import('../../../apps/fraud-detection/src/score/read-time.js')]} */
const [{ DAY_MS, DELAY_DAYS, FEATURES, measureWindows, toFeatures }, { readTime }] = await Promise.all([
  loadBuilt('features.js'),
  loadBuilt('read-time.js'),
]);

export { FEATURES };

/**
 * The features of the transactions from `firstDay` on, by the very functions that serve: each sees the customer's and the
 * terminal's transactions before it, and nothing after.
 *
 * @param {readonly Transaction[]} transactions In the order of their time.
 * @param {{ firstDay: number, usualAmount: number }} options
 * @returns {Table}
 */
export function buildFeatures(transactions, { firstDay, usualAmount }) {
  const rowCount = transactions.filter(({ day }) => day >= firstDay).length;
  const table = {
    features: new Float32Array(rowCount * FEATURES.length),
    labels: new Uint8Array(rowCount),
    days: new Int32Array(rowCount),
    customers: /** @type {string[]} */ ([]),
  };
  const customers = new History(30);
  const terminals = new History(30 + DELAY_DAYS);
  for (const { at, day, customer, terminal, amount, fraud } of transactions) {
    const time = readTime(at);
    const entry = { atMs: time.atMs, amount, fraud };
    if (day >= firstDay) {
      const row = table.customers.length;
      const source = {
        amount,
        time,
        customer: customers.recent(customer, time.atMs),
        terminal: terminals.recent(terminal, time.atMs),
        usualAmount,
      };
      table.features.set(toFeatures(source, measureWindows(source)), row * FEATURES.length);
      table.labels[row] = Number(fraud);
      table.days[row] = day;
      table.customers.push(customer);
    }
    customers.add(customer, entry);
    terminals.add(terminal, entry);
  }
  return table;
}

/** @typedef {{ atMs: number, amount: number, fraud: boolean }} Entry */

/** What happened lately, by customer or by terminal. */
class History {
  constructor(/** @type {number} */ days) {
    this.spanMs = days * DAY_MS;
    /** @type {Map<string, Entry[]>} */
    this.entries = new Map();
  }

  /** Those of the span before `atMs`; forgets older ones. */
  recent(/** @type {string} */ key, /** @type {number} */ atMs) {
    const all = this.entries.get(key) ?? [];
    const first = all.findIndex((entry) => entry.atMs > atMs - this.spanMs);
    const recent = first < 0 ? [] : all.slice(first);
    this.entries.set(key, recent);
    return recent;
  }

  add(/** @type {string} */ key, /** @type {Entry} */ entry) {
    const entries = this.entries.get(key);
    if (entries) entries.push(entry);
    else this.entries.set(key, [entry]);
  }
}

/** @returns {Promise<any>} */
function loadBuilt(/** @type {string} */ name) {
  return import(pathToFileURL(join(APP, name)).href).catch((cause) => {
    throw new Error('The service is not built: "npx nx build @ganglion/fraud-detection" first.', { cause });
  });
}
