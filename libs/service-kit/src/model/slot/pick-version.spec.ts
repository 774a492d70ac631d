import { describe, expect, it } from '@jest/globals';
import { findVersion, pickVersion, type Choice } from './pick-version.js';

const production: Choice = { model: 'm@1.0.0', role: 'production', weight: 90 };
const canary = (weight: number): Choice => ({ model: 'm@2.0.0', role: 'canary', weight });
const shadow: Choice = { model: 'm@3.0.0', role: 'shadow', weight: 0 };
const ids = Array.from(
  { length: 10_000 },
  (_, index) => `019aa000-0000-7000-8000-${String(index).padStart(12, '0')}`,
);

describe('pickVersion', () => {
  it.each([0, 5, 10, 50, 100])(
    'gives a canary of %d percent its share of the ids, and a shadow none',
    (weight) => {
      const versions = [shadow, production, canary(weight)];
      const share = ids.filter((id) => pickVersion(versions, id).role === 'canary').length / 100;
      // Five standard deviations of 10,000 draws.
      expect(Math.abs(share - weight)).toBeLessThanOrEqual(5 * Math.sqrt((weight * (100 - weight)) / 10_000));
      expect(ids.some((id) => pickVersion(versions, id).role === 'shadow')).toBe(false);
    },
  );

  it('gives an id the same version each time, and keeps it while a canary grows', () => {
    const small = ids.filter((id) => pickVersion([production, canary(10)], id).role === 'canary');
    for (const id of small) expect(pickVersion([canary(30), production], id).role).toBe('canary');
  });
});

describe('findVersion', () => {
  const versions = [production, canary(10), { ...shadow, model: 'other@1.0.0' }];

  it('finds what is held, whatever its role, by id alone where there is one', () => {
    expect(findVersion(versions, 'm@2.0.0').role).toBe('canary');
    expect(findVersion(versions, 'other').role).toBe('shadow');
  });

  it.each([
    ['m@9.0.0', 'is not held here'],
    ['', 'is not held here'],
    ['m', 'is held in more than one version'],
  ])('refuses "%s" and names what there is', (asked, why) => {
    expect(() => findVersion(versions, asked)).toThrow(
      expect.objectContaining({
        code: 'unknown_model',
        message: `"${asked}" ${why}. There are: m@1.0.0, m@2.0.0, other@1.0.0.`,
      }),
    );
  });
});
