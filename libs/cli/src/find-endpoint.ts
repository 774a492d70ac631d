import { readFile, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { cliEnvironment } from './environment.js';
import { ExitCode, UsageError } from './failure.js';

/** Where the API is, and by which key. */
export interface Endpoint {
  readonly url: string;
  readonly apiKey: string;
}

interface Place {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The working directory. */
  readonly folder: string;
}

/**
 * Flags, then `GANGLION_URL` and `GANGLION_API_KEY`, then what `npm start` announces in `.ganglion/endpoint.json` of this
 * folder or one above (`GANGLION_HOME`, when it is set). An announced key is never sent to another address than its own.
 *
 * @throws UsageError when there is none, or it is no address or no key
 */
export async function findEndpoint(
  given: { readonly url?: string | undefined; readonly key?: string | undefined },
  { env, folder }: Place,
): Promise<Endpoint> {
  const url = given.url ?? (env[cliEnvironment.url.env] || undefined);
  const key = given.key ?? (env[cliEnvironment.apiKey.env] || undefined);
  const announced =
    url === undefined || key === undefined
      ? await findAnnounced(env[cliEnvironment.home.env], folder)
      : undefined;
  const address = parseUrl(url ?? announced?.url);
  const ownKey = announced !== undefined && originOf(announced.url) === address.origin && announced.apiKey;
  return { url: address.href, apiKey: checkKey(key ?? (ownKey || undefined), address.origin) };
}

function parseUrl(url: string | undefined): URL {
  if (url === undefined) {
    throw new UsageError(
      'no server is known here: is npm start running? Else give --url and --key, or GANGLION_URL and GANGLION_API_KEY.',
      ExitCode.unreachable,
    );
  }
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed?.protocol === 'http:' || parsed?.protocol === 'https:') return parsed;
  throw new UsageError(`"${url}" is no address: write it as http://127.0.0.1:8080.`);
}

function originOf(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).origin : undefined;
}

/** A key is never shown, not even a wrong one. */
function checkKey(key: string | undefined, origin: string): string {
  const trimmed = key?.trim() ?? '';
  if (/^[\x21-\x7e]+$/.test(trimmed)) return trimmed;
  if (trimmed !== '') throw new UsageError('the API key holds signs that no key has.', ExitCode.forbidden);
  throw new UsageError(
    `no API key for ${origin} is known here: give --key, or set GANGLION_API_KEY.`,
    ExitCode.forbidden,
  );
}

async function findAnnounced(home: string | undefined, folder: string): Promise<Endpoint | undefined> {
  if (home) return readAnnounced(join(resolve(folder, home), 'endpoint.json'));
  for (let at = folder; ; at = dirname(at)) {
    const found = await readAnnounced(join(at, '.ganglion', 'endpoint.json'));
    if (found !== undefined || at === dirname(at)) return found;
  }
}

async function readAnnounced(file: string): Promise<Endpoint | undefined> {
  const text = await readOwn(file);
  if (text === undefined) return undefined;
  const { url, apiKey } = parseObject(text);
  if (typeof url === 'string' && typeof apiKey === 'string') return { url, apiKey };
  throw new UsageError(`${file} is damaged: start the server anew, or give --url and --key.`);
}

/** Whoever can write above the working directory could else have inputs and keys sent to a server of theirs. */
async function readOwn(file: string): Promise<string | undefined> {
  try {
    const owner = (await stat(file)).uid;
    if (process.getuid !== undefined && owner !== process.getuid()) {
      throw new UsageError(`${file} belongs to another user and is not trusted: give --url and --key.`);
    }
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new UsageError(`${file} cannot be read (${code}): give --url and --key.`);
  }
}

function parseObject(text: string): Partial<Record<'url' | 'apiKey', unknown>> {
  try {
    return (JSON.parse(text) ?? {}) as object;
  } catch {
    return {};
  }
}
