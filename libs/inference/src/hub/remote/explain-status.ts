import { DownloadError } from '../download-error.js';
import type { RemoteSource } from '../source.js';
import type { RemoteAccess } from './open-remote.js';

/** Longer is not waited for. */
const LONGEST_WAIT_MS = 120_000;

/** What a status that is no answer means, and whether trying again may help. */
export function explainStatus(
  source: RemoteSource,
  { status, headers }: Pick<Response, 'status' | 'headers'>,
  access: RemoteAccess,
): DownloadError {
  const say = (reason: string, isFinal: boolean, retryAfterMs = 0) =>
    new DownloadError(`${source.archive}: ${reason}`, isFinal, retryAfterMs);
  if (status === 401 || status === 403) return say(explainRefusal(source, status, access), true);
  if (status === 404 || status === 410) return say(explainAbsence(source), true);
  if (status === 416) return say('the server has less of it than was fetched before.', false);
  const isPassing = status === 429 || status === 408 || status >= 500;
  if (!isPassing) return say(`the server answers ${status}.`, true);
  const waitMs = readRetryAfter(headers.get('retry-after'));
  const what = status === 429 ? 'the server has had too many requests (429)' : `the server fails (${status})`;
  if (waitMs <= LONGEST_WAIT_MS) return say(`${what}.`, false, waitMs);
  return say(`${what}, and asks to come back in ${Math.ceil(waitMs / 60_000)} minutes.`, true);
}

function explainRefusal(source: RemoteSource, status: number, { endpoint, token }: RemoteAccess): string {
  if (source.kind === 'https') return `the server refuses it (${status}); tokens are sent to the hub only.`;
  const page = `${endpoint}/${source.repository}`;
  if (token === null)
    return `${page} needs a token, or does not exist (${status}): set HF_TOKEN to a token of the hub that may read it.`;
  return `the token of HF_TOKEN may not read it (${status}): accept the model's terms at ${page}, or set another token.`;
}

function explainAbsence(source: RemoteSource): string {
  if (source.kind === 'https') return 'the server has no such file (404).';
  return `${source.repository} has no "${source.path}" at that revision (404).`;
}

/** Seconds, or a date. */
function readRetryAfter(text: string | null): number {
  if (text === null) return 0;
  if (/^\d+$/.test(text)) return Number(text) * 1_000;
  const at = Date.parse(text);
  return Number.isNaN(at) ? 0 : Math.max(0, at - Date.now());
}
