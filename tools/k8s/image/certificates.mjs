import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Makes `ca.crt`, `tls.crt` and `tls.key` of `localhost` in a new folder, as cert-manager names them. */
export async function makeCertificates(/** @type {string} */ folder) {
  await mkdir(folder);
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  const openssl = (/** @type {string[]} */ ...args) => promisify(execFile)('openssl', args, { cwd: folder });
  await openssl(
    'req',
    '-x509',
    ...curve,
    '-keyout',
    'ca.key',
    '-out',
    'ca.crt',
    '-subj',
    '/CN=test',
    '-days',
    '2',
  );
  await openssl('req', ...curve, '-keyout', 'tls.key', '-out', 'tls.csr', '-subj', '/CN=nats');
  await writeFile(join(folder, 'names'), 'subjectAltName=DNS:localhost');
  const by = ['-CA', 'ca.crt', '-CAkey', 'ca.key', '-CAcreateserial', '-extfile', 'names', '-days', '2'];
  await openssl('x509', '-req', '-in', 'tls.csr', '-out', 'tls.crt', ...by);
}
