import { describe, expect, it } from '@jest/globals';
import { isSatisfied } from './install.mjs';

describe('isSatisfied', () => {
  const nest = { version: '12.5.1', integrity: 'sha512-a' };
  const wanted = {
    '': {},
    'apps/nlp': { version: '0.0.0' },
    'node_modules/@ganglion/nlp': { link: true },
    'node_modules/nest': nest,
    'node_modules/only-on-mac': { version: '1.0.0', integrity: 'sha512-b', optional: true },
  };
  const present = { 'node_modules/@ganglion/nlp': { link: true }, 'node_modules/nest': nest };

  it('takes what npm recorded, without the packages of other platforms', () => {
    expect(isSatisfied(wanted, present)).toBe(true);
  });

  it.each([
    ['is missing', { 'node_modules/nest': undefined }],
    ['has another version', { 'node_modules/nest': { version: '12.5.0', integrity: 'sha512-a' } }],
    ['has other bytes', { 'node_modules/nest': { version: '12.5.1', integrity: 'sha512-c' } }],
    ['is a new workspace', { 'node_modules/@ganglion/nlp': undefined }],
  ])('wants an installation when a package %s', (_, change) => {
    expect(isSatisfied(wanted, /** @type {typeof wanted} */ ({ ...present, ...change }))).toBe(false);
  });
});
