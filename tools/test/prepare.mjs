import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder } from '../servers/cache-folder.mjs';
import { natsServerBinary } from '../servers/nats-binary.mjs';
import { findApps } from '../start/apps.mjs';
import { build } from '../start/build.mjs';
import { installPackages } from '../start/install.mjs';
import { pullModels } from '../start/models.mjs';
import { requireDisk, requirePython } from '../start/prerequisites.mjs';
import { REPOSITORY } from '../start/repository.mjs';
import { Terminal } from '../start/terminal.mjs';

/** Has models of its own, to measure by. */
const BENCH = join(REPOSITORY, 'tools', 'bench');

/**
 * Puts in place what tests use beside the sources: packages, builds of the apps, the nats-server program, models.
 *
 * @throws SetupError when something on this machine must be put right first
 */
export async function prepareTests() {
  const logFolder = join(REPOSITORY, '.nx', 'logs');
  const terminal = new Terminal();
  await mkdir(logFolder, { recursive: true });
  await requirePython();
  await requireDisk(logFolder);
  await installPackages({ logFolder, say: (line) => terminal.say(line) });
  terminal.say('Building ...');
  await build({ logFolder, declarations: true });
  await natsServerBinary();
  await pullModels([...findApps(), { folder: BENCH }], { logFolder, cacheFolder: cacheFolder(), terminal });
}
