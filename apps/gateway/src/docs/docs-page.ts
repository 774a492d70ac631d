import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { ServiceError } from '@ganglion/contracts/errors';
import type { FastifyInstance } from 'fastify';
import { initialise, shell, style } from './docs-shell.js';

/** Nothing may come from, or go to, another host. The page's library sets styles and draws its icons as data. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "media-src 'self' blob:",
  "connect-src 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

interface Asset {
  readonly type: string;
  readonly bytes: Buffer;
  readonly gzipped: Buffer;
}

const compress = promisify(gzip);
const libraryFolder = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));

/** What the page is made of, and where it comes from: the library's files are served as they are. */
const ASSETS: Readonly<Record<string, { readonly type: string; readonly load: () => Promise<Buffer> }>> = {
  'swagger-ui-bundle.js': {
    type: 'text/javascript; charset=utf-8',
    load: () => fromLibrary('swagger-ui-bundle.js'),
  },
  'swagger-ui.css': { type: 'text/css; charset=utf-8', load: () => fromLibrary('swagger-ui.css') },
  'initialise.js': { type: 'text/javascript; charset=utf-8', load: async () => Buffer.from(initialise) },
  'style.css': { type: 'text/css; charset=utf-8', load: async () => Buffer.from(style) },
};

function fromLibrary(file: string): Promise<Buffer> {
  return readFile(join(libraryFolder, file));
}

/** `GET /docs`: every operation, to read and to try, by Swagger UI from our own files. */
export function serveDocs(server: FastifyInstance): void {
  const loaded = new Map<string, Promise<Asset>>();
  server.get('/docs', (_request, reply) =>
    reply
      .header('content-security-policy', CONTENT_SECURITY_POLICY)
      .header('x-content-type-options', 'nosniff')
      .type('text/html; charset=utf-8')
      .send(shell),
  );
  server.get<{ Params: { asset: string } }>('/docs/:asset', async (request, reply) => {
    const name = request.params.asset;
    const source = Object.hasOwn(ASSETS, name) ? ASSETS[name] : undefined;
    if (source === undefined) throw new ServiceError('not_found', 'The docs page has no such file.');
    const asset = await (loaded.get(name) ?? remember(loaded, name, source));
    void reply
      .type(asset.type)
      .header('cache-control', 'public, max-age=3600')
      .header('vary', 'accept-encoding');
    const takesGzip = /\bgzip\b/.test(request.headers['accept-encoding'] ?? '');
    if (!takesGzip) return reply.send(asset.bytes);
    return reply.header('content-encoding', 'gzip').send(asset.gzipped);
  });
}

type Source = (typeof ASSETS)[string];

function remember(loaded: Map<string, Promise<Asset>>, name: string, source: Source): Promise<Asset> {
  const asset = source
    .load()
    .then(async (bytes) => ({ type: source.type, bytes, gzipped: await compress(bytes) }));
  loaded.set(name, asset);
  return asset;
}
