/**
 * Shows that what is accepted is kept: jobs from several clients through two gateways, while gateways, service, control
 * plane, NATS and PostgreSQL are killed with `kill -9`, and the whole JetStream store is deleted once.
 *
 *   npm run reliability -- [--jobs 10000] [--clients 8] [--kills 3]
 *
 * Ends with 1 when a job, or the webhook that tells of its end, was lost or doubled.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { cacheFolder } from '../servers/cache-folder.mjs';
import { build } from '../start/build.mjs';
import { REPOSITORY } from '../start/repository.mjs';
import { isKept, runTrial } from './trial.mjs';

const { values } = parseArgs({
  options: {
    jobs: { type: 'string', default: '10000' },
    clients: { type: 'string', default: '8' },
    kills: { type: 'string', default: '3' },
  },
});
const [jobs, clients, kills] = [values.jobs, values.clients, values.kills].map(Number);
if (![jobs, clients, kills].every((count) => Number.isInteger(count) && Number(count) > 0)) {
  console.error('--jobs, --clients and --kills are whole numbers above zero.');
  process.exit(2);
}
const logFolder = join(REPOSITORY, '.nx', 'logs');
await mkdir(logFolder, { recursive: true });
const say = (/** @type {string} */ line) => console.error(line);
await build({ logFolder, declarations: false });
const outcome = await runTrial({
  jobs: Number(jobs),
  clients: Number(clients),
  kills: Number(kills),
  cacheFolder: cacheFolder(),
  say,
});
for (const [name, value] of Object.entries(outcome)) console.log(`${name.padEnd(15)} ${value}`);
if (!isKept(outcome)) process.exitCode = 1;
