import { DownloadError } from '../download-error.js';
import type { HubSettings } from '../hub-settings.js';
import type { RemoteSource } from '../source.js';
import { explainStatus } from './explain-status.js';

/** Where a file is asked for. */
export type RemoteAccess = Pick<HubSettings, 'endpoint' | 'token'>;

/** What is asked for: the whole, or what follows a part that is there already. */
export interface RemoteRequest {
  readonly access: RemoteAccess;
  readonly signal: AbortSignal;
  /** Length of the part, and the strong ETag of the whole that it belongs to. */
  readonly part: { readonly bytes: number; readonly etag: string } | null;
}

export interface RemoteResponse {
  /** 200, the whole; or 206, the rest. */
  readonly response: Response;
  /** Size of the whole, in bytes, where the server says it. */
  readonly bytes: number | null;
}

const MOST_REDIRECTS = 5;
const REDIRECTS = [301, 302, 303, 307, 308];

/**
 * Asks for a file, and follows where the server sends us: the hub keeps large files elsewhere. The token goes to the
 * endpoint only.
 *
 * @throws DownloadError
 */
export async function openRemote(source: RemoteSource, request: RemoteRequest): Promise<RemoteResponse> {
  let url = urlOf(source, request.access);
  let bytes: number | null = null;
  for (let hop = 0; hop <= MOST_REDIRECTS; hop += 1) {
    const response = await ask(source, url, request);
    // What the hub says of a file that it keeps elsewhere.
    bytes ??= numberOf(response.headers.get('x-linked-size'));
    const location = REDIRECTS.includes(response.status) ? response.headers.get('location') : null;
    if (location === null) {
      if (response.status === 200 || response.status === 206)
        return { response, bytes: bytes ?? wholeSize(response) };
      const problem = explainStatus(source, response, request.access);
      await response.body?.cancel();
      throw problem;
    }
    await response.body?.cancel();
    url = nextUrl(source, url, location);
  }
  throw new DownloadError(`${source.archive}: more than ${MOST_REDIRECTS} redirects.`, true);
}

function urlOf(source: RemoteSource, { endpoint }: RemoteAccess): URL {
  if (source.kind === 'https') return new URL(source.archive);
  const path = source.path.split('/').map(encodeURIComponent).join('/');
  return new URL(`${endpoint}/${source.repository}/resolve/${source.revision}/${path}`);
}

async function ask(
  source: RemoteSource,
  url: URL,
  { access, signal, part }: RemoteRequest,
): Promise<Response> {
  // Compressed, neither a length nor a range would be the file's.
  const headers: Record<string, string> = { 'accept-encoding': 'identity' };
  if (mayHaveToken(source, url, access)) headers['authorization'] = `Bearer ${access.token}`;
  if (part !== null) Object.assign(headers, { range: `bytes=${part.bytes}-`, 'if-range': part.etag });
  try {
    return await fetch(url, { headers, signal, redirect: 'manual' });
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    const { cause, message } = error as Error;
    const why = (cause as NodeJS.ErrnoException | undefined)?.code ?? message;
    throw new DownloadError(`${source.archive}: ${url.host} can't be reached (${why}).`, false);
  }
}

/** Never over a wire that others can read, and never where a redirect leads. */
function mayHaveToken(source: RemoteSource, url: URL, { endpoint, token }: RemoteAccess): boolean {
  return token !== null && source.kind === 'hf' && url.origin === new URL(endpoint).origin && isPrivate(url);
}

function isPrivate({ protocol, hostname }: URL): boolean {
  return protocol === 'https:' || ['127.0.0.1', 'localhost', '[::1]'].includes(hostname);
}

function nextUrl(source: RemoteSource, from: URL, location: string): URL {
  const url = URL.canParse(location, from.href) ? new URL(location, from) : null;
  const isKnown = url?.protocol === 'https:' || (url?.protocol === 'http:' && from.protocol === 'http:');
  if (url !== null && isKnown) return url;
  throw new DownloadError(
    `${source.archive}: ${from.host} redirects to "${location}", which is not followed.`,
    true,
  );
}

/** Of the whole, also where only the rest of it comes. */
function wholeSize({ status, headers }: Response): number | null {
  // Compressed all the same, it would be another length.
  if (status === 200) return headers.has('content-encoding') ? null : numberOf(headers.get('content-length'));
  return numberOf(/\/(\d+)$/.exec(headers.get('content-range') ?? '')?.[1] ?? null);
}

function numberOf(text: string | null): number | null {
  return text !== null && /^\d+$/.test(text) ? Number(text) : null;
}
