import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { cacheFolder } from '../../servers/cache-folder.mjs';
import { SetupError } from '../../servers/setup-error.mjs';

const run = promisify(execFile);

/**
 * Makes a rival's virtual environment, once for each content of its `requirements.txt`: the rivals' packages exclude
 * one another.
 *
 * @param {string} name
 * @returns {Promise<string>} the folder of its programs
 * @throws SetupError when pip cannot install it
 */
export async function installRival(name) {
  const requirements = fileURLToPath(new URL(`./requirements/${name}.txt`, import.meta.url));
  const digest = createHash('sha256')
    .update(await readFile(requirements))
    .digest('hex')
    .slice(0, 12);
  const folder = join(cacheFolder(), 'bench', `${name}-${digest}`);
  const [programs, complete] = [join(folder, 'bin'), join(folder, 'complete')];
  if (
    await access(complete).then(
      () => true,
      () => false,
    )
  )
    return programs;
  await rm(folder, { recursive: true, force: true });
  await mkdir(join(cacheFolder(), 'bench'), { recursive: true });
  try {
    await run('python3', ['-m', 'venv', folder]);
    await run(join(programs, 'pip'), ['install', '--quiet', '--only-binary', ':all:', '-r', requirements]);
  } catch (error) {
    const reason = error instanceof Error ? error.message.trim().split('\n').at(-1) : error;
    throw new SetupError(`${name} can't be installed: ${reason}`);
  }
  await writeFile(complete, '');
  return programs;
}
