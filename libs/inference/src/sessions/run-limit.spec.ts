import { describe, expect, it } from '@jest/globals';
import { RunLimit } from './run-limit.js';

describe('RunLimit', () => {
  it('is what its setting says', () => {
    const limit = new RunLimit(10);
    limit.note(1_000);
    expect(limit.ms).toBe(10);
  });

  it('follows the longest run, from a generous start and never below half a minute', () => {
    const limit = new RunLimit(undefined);
    expect(limit.ms).toBe(300_000);
    limit.note(1);
    expect(limit.ms).toBe(30_000);
    limit.note(4_000);
    limit.note(2);
    expect(limit.ms).toBe(80_000);
  });
});
