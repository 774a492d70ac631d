/**
 * Waits until PostgreSQL takes connections, and with `--migrated <app folder>` until the app's schema holds every migration
 * that this code knows. Says why it waits whenever that changes, and ends with 1 when it took too long.
 *
 * Usage: node infra/image/wait-for-database.mjs [--migrated apps/<app>] [--seconds=600]
 */
import { readdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';

// Run in the repository or in an image, by its working directory.
const { Client } = createRequire(resolve('libs/persistence/package.json'))('pg');

const { values } = parseArgs({
  options: { migrated: { type: 'string' }, seconds: { type: 'string', default: '600' } },
});
const giveUpAt = Date.now() + Number(values.seconds) * 1_000;
const schema = values.migrated && (await findSchema(values.migrated));
let reason = '';
for (;;) {
  const now = await problem().catch((error) => error.message || error.code);
  if (!now) break;
  if (now !== reason) console.log(`Waiting: ${now}`);
  reason = now;
  if (Date.now() > giveUpAt) {
    console.error(`Waited ${values.seconds} s: ${reason}`);
    process.exit(1);
  }
  await sleep(1_000);
}
console.log(schema ? `The schema ${schema.name} is up to date.` : 'The database takes connections.');

/** @returns {Promise<string | undefined>} why to wait on */
async function problem() {
  const client = new Client({
    connectionString: process.env.GANGLION_DATABASE_URL,
    connectionTimeoutMillis: 5_000,
  });
  client.on('error', () => {});
  try {
    await client.connect();
    if (!schema) return undefined;
    const table = `"${schema.name}".migrations`;
    const { rows } = await client.query('SELECT to_regclass($1) IS NOT NULL AS exists', [table]);
    if (!rows[0].exists && schema.migrations.length > 0) return `the schema ${schema.name} is not made yet`;
    if (!rows[0].exists) return undefined;
    const applied = (await client.query(`SELECT name FROM ${table}`)).rows.map(({ name }) => name);
    const missing = schema.migrations.map(({ name }) => name).filter((name) => !applied.includes(name));
    return missing.length > 0 ? `the schema ${schema.name} lacks ${missing.join(', ')}` : undefined;
  } finally {
    await client.end().catch(() => {});
  }
}

/** The one `*-schema.js` of an app that was built. */
async function findSchema(app) {
  const folder = join(app, 'dist', 'persistence');
  const file = (await readdir(folder)).find((name) => name.endsWith('-schema.js'));
  if (!file) throw new Error(`${folder} holds no schema.`);
  const exported = await import(pathToFileURL(resolve(folder, file)).href);
  return Object.values(exported).find((value) => Array.isArray(value?.migrations));
}
