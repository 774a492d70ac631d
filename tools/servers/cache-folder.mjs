import { homedir, platform } from 'node:os';
import { join, resolve } from 'node:path';

/** Where models and server binaries are kept for every clone of this user: `GANGLION_CACHE`, or the system's place for caches. */
export function cacheFolder(environment = process.env) {
  if (environment.GANGLION_CACHE) return resolve(environment.GANGLION_CACHE);
  if (platform() === 'darwin') return join(homedir(), 'Library', 'Caches', 'ganglion');
  return join(environment.XDG_CACHE_HOME || join(homedir(), '.cache'), 'ganglion');
}
