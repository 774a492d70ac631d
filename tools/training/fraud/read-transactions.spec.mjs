import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from '@jest/globals';
import { readTransactions } from './read-transactions.mjs';

const HEADER =
  'TRANSACTION_ID,TX_DATETIME,CUSTOMER_ID,TERMINAL_ID,TX_AMOUNT,TX_TIME_SECONDS,TX_TIME_DAYS,TX_FRAUD,TX_FRAUD_SCENARIO';
/** @type {string | undefined} */
let folder;

async function dataFolder(/** @type {string} */ csv) {
  folder = await mkdtemp(join(tmpdir(), 'fraud-'));
  await mkdir(join(folder, 'fraud/handbook'), { recursive: true });
  await writeFile(join(folder, 'fraud/handbook/2018-04-01_2018-07-01.csv.gz'), gzipSync(csv));
  return folder;
}

afterEach(async () => {
  if (folder) await rm(folder, { recursive: true });
  folder = undefined;
});

describe('readTransactions', () => {
  it('reads a line as a transaction', async () => {
    const data = await dataFolder(`${HEADER}\n7,2018-04-02 01:02:03,596,3156,57.16,90123,1,1,2\n`);
    expect(await readTransactions(data)).toEqual([
      {
        at: '2018-04-02T01:02:03Z',
        day: 1,
        customer: '596',
        terminal: '3156',
        amount: 57.16,
        fraud: true,
      },
    ]);
  });

  it('says what to set when there is no data', async () => {
    await expect(readTransactions(undefined)).rejects.toThrow('GANGLION_DATA is not set');
    await expect(readTransactions('/nowhere')).rejects.toThrow('is not in GANGLION_DATA (/nowhere)');
  });

  it('refuses other columns', async () => {
    await expect(readTransactions(await dataFolder('a,b\n1,2\n'))).rejects.toThrow('has other columns');
  });
});
