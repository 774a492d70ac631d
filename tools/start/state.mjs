import { randomBytes } from 'node:crypto';
import { chmod, mkdir, readFile, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { OWNER_FILE, removePostgres } from '../servers/postgres-installation.mjs';
import { SetupError } from '../servers/setup-error.mjs';
import { REPOSITORY } from './repository.mjs';

/** Everything that is ever put into the state folder; nothing else is deleted from it. */
const CONTENTS = [
  'endpoint.json',
  'key',
  'secrets.json',
  'logs',
  'samples',
  'nats',
  'postgres',
  OWNER_FILE,
  'blobs',
];
const KEY = /^gk_live_[\w-]{43}$/;

/**
 * @typedef {{ natsToken: string, databasePassword: string, databaseRolePassword: string }} Secrets
 * What servers and services of this state folder prove themselves with; made once.
 */

/** The folder that holds what outlives a start: `GANGLION_HOME`, or `.ganglion` in the clone. */
export function stateFolder(environment = process.env) {
  return environment.GANGLION_HOME ? resolve(environment.GANGLION_HOME) : join(REPOSITORY, '.ganglion');
}

export async function makeStateFolder(/** @type {string} */ folder) {
  await mkdir(join(folder, 'logs'), { recursive: true, mode: 0o700 });
}

/** The first API key: read, or made the first time. */
export async function bootstrapKey(/** @type {string} */ folder) {
  const file = join(folder, 'key');
  const key = await readOrMake(file, () => `gk_live_${randomBytes(32).toString('base64url')}\n`);
  if (KEY.test(key.trim())) return key.trim();
  throw new SetupError(`${file} does not hold a key: delete it, and a new one is made.`);
}

/** @returns {Promise<Secrets>} */
export async function secrets(/** @type {string} */ folder) {
  const file = join(folder, 'secrets.json');
  const random = () => randomBytes(24).toString('base64url');
  const text = await readOrMake(file, () =>
    JSON.stringify({ natsToken: random(), databasePassword: random(), databaseRolePassword: random() }),
  );
  try {
    return JSON.parse(text);
  } catch {
    throw new SetupError(`${file} is damaged: npm start -- --reset makes everything anew.`);
  }
}

export function endpointFile(/** @type {string} */ folder) {
  return join(folder, 'endpoint.json');
}

/** Says where the API is and by which key, for the command line client and for scripts; only while it is ready. */
export async function announceEndpoint(
  /** @type {string} */ folder,
  /** @type {{ url: string, apiKey: string }} */ endpoint,
) {
  await writePrivately(endpointFile(folder), `${JSON.stringify(endpoint)}\n`);
}

export async function withdrawEndpoint(/** @type {string} */ folder) {
  await rm(endpointFile(folder), { force: true });
}

/** Deletes databases, keys and logs: what start made, and the folder only when nothing else is in it. */
export async function resetState(/** @type {string} */ folder) {
  await Promise.all(CONTENTS.map((name) => rm(join(folder, name), { recursive: true, force: true })));
  await removePostgres(folder);
  await rmdir(folder).catch(() => undefined);
}

async function readOrMake(/** @type {string} */ file, /** @type {() => string} */ make) {
  const kept = await readFile(file, 'utf8').catch(() => undefined);
  if (kept === undefined) {
    const made = make();
    await writePrivately(file, made);
    return made;
  }
  await chmod(file, 0o600);
  return kept;
}

/** Whole or not at all, and readable by its owner alone from the first byte. */
async function writePrivately(/** @type {string} */ file, /** @type {string} */ text) {
  const unfinished = `${file}.${process.pid}`;
  await rm(unfinished, { force: true });
  await writeFile(unfinished, text, { mode: 0o600 });
  await rename(unfinished, file);
}
