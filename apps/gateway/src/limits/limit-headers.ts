import type { RateQuota } from './rate-quota.js';
import type { SlotQuota } from './slot-quota.js';

/** Quotas are counted over whole seconds in headers: one that grows by less than a call a second is told by its ten. */
const LONG_WINDOW_SECONDS = 10;

/**
 * What a client is told of its quotas, so that it can slow down by itself. What remains is what this gateway knows.
 *
 * @source draft-ietf-httpapi-ratelimit-headers-10 (RateLimit-Policy, RateLimit)
 */
export function limitHeaders(
  rate: RateQuota | undefined,
  slots: SlotQuota | undefined,
): Readonly<Record<'ratelimit-policy' | 'ratelimit', string>> {
  const policies: string[] = [];
  const states: string[] = [];
  if (rate !== undefined) {
    const { callsPerSecond, remaining } = rate;
    const seconds = Number.isInteger(callsPerSecond) ? 1 : LONG_WINDOW_SECONDS;
    const quota = Math.max(1, Math.round(callsPerSecond * seconds));
    policies.push(`"rate";q=${quota};w=${seconds}`);
    states.push(`"rate";r=${remaining};t=${Math.max(1, Math.ceil(1 / callsPerSecond))}`);
  }
  if (slots !== undefined) {
    policies.push(`"concurrency";q=${slots.limit};qu="concurrent-requests"`);
    states.push(`"concurrency";r=${slots.remaining}`);
  }
  return { 'ratelimit-policy': policies.join(', '), ratelimit: states.join(', ') };
}
