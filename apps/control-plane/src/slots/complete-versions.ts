import { ServiceError } from '@ganglion/contracts/errors';
import type { SlotVersion, WantedVersion } from '@ganglion/contracts/slots';

/**
 * Versions with their weights: production takes what the canaries leave, a shadow has none.
 *
 * @throws ServiceError `invalid_input` when there is not one production version, one model comes twice, or the weights
 *   are not 100 together.
 */
export function completeVersions(wanted: readonly WantedVersion[]): SlotVersion[] {
  const errors = wanted.flatMap(faultsOf);
  const production = wanted.filter(({ role }) => role === 'production');
  if (production.length !== 1)
    errors.push({
      pointer: '/versions',
      detail: `must have one production version, not ${production.length}`,
    });
  refuse(errors);
  const canaries = sum(wanted.map(({ role, weight }) => (role === 'canary' ? weight : 0)));
  const complete = wanted.map((version): SlotVersion => {
    const left = version.role === 'production' ? 100 - canaries : 0;
    return { ...version, weight: version.weight ?? left };
  });
  const total = sum(complete.map(({ weight }) => weight));
  if (total !== 100 || canaries > 100)
    refuse([{ pointer: '/versions', detail: `must have weights that are 100 together, not ${total}` }]);
  return complete;
}

type Fault = NonNullable<ServiceError['errors']>[number];

function faultsOf(
  { model, role, weight }: WantedVersion,
  index: number,
  all: readonly WantedVersion[],
): Fault[] {
  const faults: Fault[] = [];
  if (all.findIndex((other) => other.model === model) !== index)
    faults.push({ pointer: `/versions/${index}/model`, detail: `names ${model} a second time` });
  if (role === 'canary' && weight === undefined)
    faults.push({
      pointer: `/versions/${index}/weight`,
      detail: 'must say which share of the calls a canary takes',
    });
  if (role === 'shadow' && (weight ?? 0) !== 0)
    faults.push({
      pointer: `/versions/${index}/weight`,
      detail: 'must be 0 or left out: a shadow answers nobody',
    });
  return faults;
}

function refuse(errors: readonly Fault[]): void {
  if (errors.length === 0) return;
  const detail = errors.map((fault) => `${fault.pointer} ${fault.detail}`).join('; ');
  throw new ServiceError('invalid_input', `${detail}.`, { errors });
}

function sum(weights: readonly (number | undefined)[]): number {
  return weights.reduce<number>((total, weight) => total + (weight ?? 0), 0);
}
