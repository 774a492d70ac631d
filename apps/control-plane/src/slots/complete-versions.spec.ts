import type { WantedVersion } from '@ganglion/contracts/slots';
import { describe, expect, it } from '@jest/globals';
import { completeVersions } from './complete-versions.js';

const version = (model: string, role: WantedVersion['role'], weight?: number): WantedVersion => ({
  model,
  role,
  ...(weight !== undefined && { weight }),
});
const production = version('m@1.0.0', 'production');
const weights = (...wanted: WantedVersion[]) => completeVersions(wanted).map(({ weight }) => weight);

describe('completeVersions', () => {
  it('gives production what the canaries leave, and a shadow nothing', () => {
    expect(weights(production)).toEqual([100]);
    expect(
      weights(
        version('m@2.0.0', 'canary', 10),
        version('s@1.0.0', 'shadow'),
        production,
        version('m@3.0.0', 'canary', 5),
      ),
    ).toEqual([10, 0, 85, 5]);
    expect(weights(version('m@1.0.0', 'production', 40), version('m@2.0.0', 'canary', 60))).toEqual([40, 60]);
    expect(weights(production, version('m@2.0.0', 'canary', 100))).toEqual([0, 100]);
  });

  it.each([
    ['no production version', [version('m@2.0.0', 'canary', 100)], '/versions'],
    ['two of them', [production, version('m@2.0.0', 'production')], '/versions'],
    ['a model twice', [production, version('m@1.0.0', 'shadow')], '/versions/1/model'],
    ['a canary without a weight', [production, version('m@2.0.0', 'canary')], '/versions/1/weight'],
    ['a shadow with one', [production, version('m@2.0.0', 'shadow', 10)], '/versions/1/weight'],
    ['less than 100', [version('m@1.0.0', 'production', 60), version('m@2.0.0', 'canary', 10)], '/versions'],
    [
      'more than 100',
      [production, version('m@2.0.0', 'canary', 60), version('m@3.0.0', 'canary', 60)],
      '/versions',
    ],
  ])('refuses %s', (_, wanted, pointer) => {
    expect(() => completeVersions(wanted)).toThrow(
      expect.objectContaining({ code: 'invalid_input', errors: [expect.objectContaining({ pointer })] }),
    );
  });
});
