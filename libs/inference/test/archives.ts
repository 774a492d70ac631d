import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { pack, type Headers } from 'tar-stream';
import type { ExpectedFile } from '../src/hub/model-cache.js';

/** What a manifest says of a content. */
export function expectedFile(content: Uint8Array | string): ExpectedFile {
  const bytes = Buffer.from(content);
  return { bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
}

/** A tarball as npm makes it; `extra` are entries beside the files. */
export async function makeTarball(
  files: Readonly<Record<string, string>>,
  extra: readonly Headers[] = [],
): Promise<Buffer> {
  const tarball = pack();
  for (const header of extra) tarball.entry(header);
  for (const [path, content] of Object.entries(files)) tarball.entry({ name: `package/${path}` }, content);
  tarball.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of tarball) chunks.push(chunk as Buffer);
  return gzipSync(Buffer.concat(chunks));
}

const MAKE_ZIP = `
import json, sys, zipfile
with zipfile.ZipFile(sys.argv[1], 'w', zipfile.ZIP_DEFLATED) as archive:
    for path, content in json.loads(sys.argv[2]).items():
        archive.writestr(path, content)
`;

/** A wheel with the metadata that pip asks for. */
export async function makeWheel(
  location: string,
  { name, version }: { readonly name: string; readonly version: string },
  files: Readonly<Record<string, string>>,
): Promise<void> {
  const info = `${name}-${version}.dist-info`;
  const contents = {
    ...files,
    [`${info}/METADATA`]: `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\nRequires-Python: >=99\n`,
    [`${info}/WHEEL`]: 'Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n',
    [`${info}/RECORD`]: '',
  };
  await promisify(execFile)('python3', ['-c', MAKE_ZIP, location, JSON.stringify(contents)]);
}
