import type { Instance } from '../discovery/service-registry.js';

/**
 * The instance that should get the next call: of those that answered the last look around the one with the fewest calls
 * in flight, so that a slow or frozen one gets no more of them. Equals take turns.
 *
 * @param except An instance that has had its chance.
 * @param turn Grows by one with each call.
 */
export function pickInstance(
  instances: readonly Instance[],
  turn: number,
  except?: Instance,
): Instance | undefined {
  let best: Instance | undefined;
  for (let offset = 0; offset < instances.length; offset++) {
    const instance = instances[(turn + offset) % instances.length];
    if (instance === undefined || instance === except) continue;
    if (best === undefined || isBetter(instance, best)) best = instance;
  }
  return best;
}

function isBetter(left: Instance, right: Instance): boolean {
  if (left.misses !== right.misses) return left.misses < right.misses;
  return left.callsInFlight < right.callsInFlight;
}
