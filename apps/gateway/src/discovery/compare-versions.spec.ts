import { describe, expect, it } from '@jest/globals';
import { compareVersions } from './compare-versions.js';

describe('compareVersions', () => {
  it('orders as Semantic Versioning 2.0.0 does', () => {
    const ordered = ['0.9.9', '1.0.0-alpha', '1.0.0-beta', '1.0.0', '1.2.0', '1.10.0', '2.0.0'];
    const shuffled = [...ordered].reverse();
    expect(shuffled.sort(compareVersions)).toEqual(ordered);
    expect(compareVersions('1.0.0+build1', '1.0.0+build2')).toBe(0);
  });
});
