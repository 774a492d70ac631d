import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cacheFolder } from '../../servers/cache-folder.mjs';

const SOURCE = join(import.meta.dirname, 'kubebox');
const VERSION = 'k8s.io/component-base/version';
const run = promisify(execFile);

/**
 * The path of kubebox: a Kubernetes control plane in one program, built from the Go module proxy once for each go.sum.
 * That takes Go 1.26, 5 GB of disk and 10 to 20 minutes.
 */
export async function kubeboxBinary() {
  const sum = createHash('sha256').update(await readFile(join(SOURCE, 'go.sum')));
  const digest = sum.update(await readFile(join(SOURCE, 'main.go'))).digest('hex');
  const folder = join(cacheFolder(), 'k8s', `kubebox-${digest.slice(0, 16)}`);
  const binary = join(folder, 'kubebox');
  if (await stat(binary).catch(() => undefined)) return binary;
  await mkdir(folder, { recursive: true });
  const set = { gitVersion: 'v1.37.2', gitMajor: '1', gitMinor: '37' };
  const flags = Object.entries(set).map(([name, value]) => `-X ${VERSION}.${name}=${value}`);
  const building = `${binary}.building`;
  await run('go', ['build', '-trimpath', '-ldflags', `-s -w ${flags.join(' ')}`, '-o', building, '.'], {
    cwd: SOURCE,
    env: { ...process.env, CGO_ENABLED: '0', GOTOOLCHAIN: 'local' },
    maxBuffer: 16 * 1024 * 1024,
  });
  await rename(building, binary);
  return binary;
}
