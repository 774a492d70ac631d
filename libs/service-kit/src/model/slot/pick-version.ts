import { hash } from 'node:crypto';
import { ServiceError } from '@ganglion/contracts/errors';
import type { SlotVersion } from '@ganglion/contracts/slots';

/** What of a slot's version its choice depends on. */
export type Choice = Pick<SlotVersion, 'model' | 'role' | 'weight'>;

/**
 * The version that answers a call, by its share. Canaries have the lowest numbers, in their order: one that grows keeps
 * the calls that it had.
 *
 * @param callId The same for a call and its retries, so that they get the same version.
 */
export function pickVersion<Version extends Choice>(versions: readonly Version[], callId: string): Version {
  const production = versions.find(({ role }) => role === 'production') as Version;
  const canaries = versions.filter(({ role }) => role === 'canary');
  if (canaries.length === 0) return production;
  const percent = percentOf(callId);
  let below = 0;
  for (const canary of canaries) {
    below += canary.weight;
    if (percent < below) return canary;
  }
  return production;
}

/**
 * The version that a caller asks for.
 *
 * @param asked `<id>@<version>`, or `<id>` where the slot holds one version of it.
 * @throws ServiceError `unknown_model` that names those there are.
 */
export function findVersion<Version extends Choice>(versions: readonly Version[], asked: string): Version {
  const found = versions.filter(({ model }) => model === asked || model.startsWith(`${asked}@`));
  const [version] = found;
  if (version !== undefined && found.length === 1) return version;
  const held = versions.map(({ model }) => model).join(', ');
  const why = version === undefined ? 'is not held here' : 'is held in more than one version';
  throw new ServiceError('unknown_model', `"${asked.slice(0, 200)}" ${why}. There are: ${held}.`);
}

/** 0 to below 100, evenly over ids. */
function percentOf(callId: string): number {
  return (Number.parseInt(hash('sha256', callId).slice(0, 8), 16) / 2 ** 32) * 100;
}
