import type { ContractDocument } from '@ganglion/contracts/contract-document';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { ServiceRegistry } from './service-registry.js';

const contract = (version: string): ContractDocument => ({
  service: 'nlp',
  version,
  summary: '',
  capabilities: [],
});
const instance = (id: string, version: string) => ({
  id,
  service: 'nlp',
  version,
  digest: `digest of ${version}`,
});

describe('ServiceRegistry', () => {
  let registry: ServiceRegistry;
  let changes: number;
  beforeEach(() => {
    registry = new ServiceRegistry();
    changes = 0;
    registry.onChange(() => (changes += 1));
  });
  const servedVersion = (): string | undefined => registry.servedContracts().get('nlp')?.document.version;
  const add = (id: string, version: string): void => {
    const isKnown = registry.sight(instance(id, version));
    if (!isKnown) registry.addContract(`digest of ${version}`, contract(version));
  };

  it('serves the newest of the contracts that live instances have', () => {
    add('old', '1.0.0');
    add('new', '1.1.0');
    add('another old one', '1.0.0');
    expect(servedVersion()).toBe('1.1.0');
    expect(changes).toBe(2);
  });

  it('goes back when the newest is rolled back', () => {
    add('old', '1.0.0');
    add('new', '1.1.0');
    for (let round = 0; round < 3; round++) registry.endRound(new Set(['old']));
    expect(servedVersion()).toBe('1.0.0');
  });

  it('drops an instance that misses three rounds in a row, and keeps the contract', () => {
    add('a', '1.0.0');
    registry.endRound(new Set());
    registry.endRound(new Set());
    registry.sight(instance('a', '1.0.0'));
    registry.endRound(new Set());
    registry.endRound(new Set());
    expect(registry.instancesOf('nlp')).toHaveLength(1);
    registry.endRound(new Set());
    expect(registry.instancesOf('nlp')).toHaveLength(0);
    expect(servedVersion()).toBe('1.0.0');
    expect(changes).toBe(1);
  });

  it('asks again for a contract that it has forgotten', () => {
    add('old', '1.0.0');
    add('new', '1.1.0');
    for (let round = 0; round < 3; round++) registry.endRound(new Set(['new']));
    expect(registry.sight(instance('old', '1.0.0'))).toBe(false);
  });
});
