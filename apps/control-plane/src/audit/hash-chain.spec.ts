import { describe, expect, it } from '@jest/globals';
import { findBreak, linkEntries } from './hash-chain.js';
import { newEntry } from './audit.js';

const entries = ['a', 'b', 'c'].map((id) =>
  newEntry(
    { keyId: 'k', actor: undefined, requestId: 'r' },
    { capability: { service: 's', operation: 'o' }, object: { id } },
    'succeeded',
  ),
);

describe('the chain of hashes', () => {
  const chain = linkEntries(undefined, entries);

  it('counts from one, and goes on where it ended', () => {
    expect(chain.map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
    expect(chain[0]?.previousHash).toBeNull();
    const [fourth] = linkEntries(chain[2], entries);
    expect(fourth).toMatchObject({ sequence: 4, previousHash: chain[2]?.hash });
    expect(findBreak(chain)).toBeUndefined();
  });

  it('tells a change, and an entry that is gone', () => {
    const changed = chain.map((entry) => (entry.sequence === 2 ? { ...entry, actor: 'somebody' } : entry));
    expect(findBreak(changed)).toBe(2);
    expect(findBreak(chain.filter(({ sequence }) => sequence !== 2))).toBe(3);
  });
});
