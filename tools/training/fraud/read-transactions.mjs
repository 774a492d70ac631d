import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

const FILE = 'fraud/handbook/2018-04-01_2018-07-01.csv.gz';
const HEADER =
  'TRANSACTION_ID,TX_DATETIME,CUSTOMER_ID,TERMINAL_ID,TX_AMOUNT,TX_TIME_SECONDS,TX_TIME_DAYS,TX_FRAUD,TX_FRAUD_SCENARIO';

/**
 * `at` is ISO 8601 in UTC, for the simulated clock has no offset; `day` counts from 0.
 *
 * @typedef {{ at: string, day: number, customer: string, terminal: string, amount: number, fraud: boolean }} Transaction
 */

/**
 * Reads the simulated transactions of the Fraud Detection Handbook, in the order of their time.
 *
 * @param {string | undefined} dataFolder `GANGLION_DATA`
 * @returns {Promise<Transaction[]>}
 * @throws Error that says what to set when the data can't be found
 */
export async function readTransactions(dataFolder) {
  if (!dataFolder) {
    throw new Error(
      `GANGLION_DATA is not set: name the folder that holds ${FILE} ` +
        '(the simulated data of the Fraud Detection Handbook, CC BY-SA 4.0).',
    );
  }
  const bytes = await readFile(join(dataFolder, FILE)).catch((cause) => {
    throw new Error(`${FILE} is not in GANGLION_DATA (${dataFolder}).`, { cause });
  });
  const [header, ...lines] = gunzipSync(bytes).toString('utf8').trim().split(/\r?\n/);
  if (header !== HEADER) throw new Error(`${FILE} has other columns than ${HEADER}.`);
  return lines.map(readLine);
}

/** @returns {Transaction} */
function readLine(/** @type {string} */ line) {
  const [, at = '', customer = '', terminal = '', amount, , day, fraud] = line.split(',');
  return {
    at: `${at.replace(' ', 'T')}Z`,
    day: Number(day),
    customer,
    terminal,
    amount: Number(amount),
    fraud: fraud === '1',
  };
}
