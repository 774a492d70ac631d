import type { CapabilityDocument } from '@ganglion/contracts/contract-document';
import { ServiceError } from '@ganglion/contracts/errors';

/** A wish to have a job made of a call. */
export interface Preference {
  /** How long the client waits for the job's end before it takes the job for an answer. */
  readonly waitMs: number;
  /** What of `Prefer` was followed: value of `Preference-Applied`. */
  readonly applied: string;
}

/** Longer waits would hold connections that proxies cut. */
const MAX_WAIT_S = 60;
const WAIT = /^"?(\d{1,9})"?$/;

/**
 * What `Prefer` asks for: `respond-async`, `wait=<seconds>` or both. Other preferences are for others to follow.
 *
 * @returns undefined when no job is wanted.
 * @source RFC 7240, sections 2 (syntax), 4.1 (respond-async) and 4.3 (wait)
 * @throws ServiceError `malformed_request` when `wait` is no number of seconds; `unknown_option` when the operation
 *   cannot run as a job.
 */
export function readPreference(
  header: string | readonly string[] | undefined,
  capability: Pick<CapabilityDocument, 'job'>,
): Preference | undefined {
  if (header === undefined) return undefined;
  const preferences = new Map(String(header).split(',').map(parse));
  const wait = preferences.get('wait');
  if (wait === undefined && !preferences.has('respond-async')) return undefined;
  // A service of an earlier release says nothing of jobs.
  if (!capability.job) {
    throw new ServiceError('unknown_option', 'This operation cannot run as a job: leave out Prefer.');
  }
  if (wait === undefined) return { waitMs: 0, applied: 'respond-async' };
  const seconds = WAIT.exec(wait)?.[1];
  if (seconds === undefined) {
    throw new ServiceError(
      'malformed_request',
      '"wait" in Prefer must be a whole number of seconds: wait=10.',
    );
  }
  const followed = Math.min(Number(seconds), MAX_WAIT_S);
  return { waitMs: followed * 1_000, applied: `respond-async, wait=${followed}` };
}

/** Parameters after `;` are for preferences that we do not follow. */
function parse(preference: string): [name: string, value: string] {
  const [token = ''] = preference.split(';', 1);
  const equals = token.indexOf('=');
  if (equals < 0) return [token.trim().toLowerCase(), ''];
  return [token.slice(0, equals).trim().toLowerCase(), token.slice(equals + 1).trim()];
}
