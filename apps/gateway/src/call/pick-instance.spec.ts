import { describe, expect, it } from '@jest/globals';
import type { Instance } from '../discovery/service-registry.js';
import { pickInstance } from './pick-instance.js';

const instance = (id: string, state: Partial<Instance> = {}): Instance => ({
  id,
  service: 's',
  version: '1.0.0',
  digest: 'd',
  misses: 0,
  callsInFlight: 0,
  ...state,
});

describe('pickInstance', () => {
  it('takes turns among equals', () => {
    const all = [instance('a'), instance('b'), instance('c')];
    expect([0, 1, 2, 3].map((turn) => pickInstance(all, turn)?.id)).toEqual(['a', 'b', 'c', 'a']);
  });

  it('prefers who answers, then who has the fewest calls', () => {
    const all = [instance('busy', { callsInFlight: 3 }), instance('frozen', { misses: 1 }), instance('idle')];
    for (const turn of [0, 1, 2]) expect(pickInstance(all, turn)?.id).toBe('idle');
    expect(pickInstance(all, 0, all[2])?.id).toBe('busy');
  });

  it('finds nobody where there is nobody', () => {
    const only = instance('only');
    expect(pickInstance([], 0)).toBeUndefined();
    expect(pickInstance([only], 0, only)).toBeUndefined();
  });
});
