import { describe, expect, it } from '@jest/globals';
import { covers, includesRole, isScope, rolesFor, type Access, type Role } from './access.js';

describe('covers', () => {
  it.each([
    [['*'], 'nlp:sentiment', true],
    [['*'], '*', true],
    [['nlp:*'], 'nlp:sentiment', true],
    [['nlp:*'], 'nlp:*', true],
    [['nlp:sentiment'], 'nlp:sentiment', true],
    [['forecasting:*', 'nlp:sentiment'], 'nlp:sentiment', true],
    [['nlp:sentiment'], 'nlp:entities', false],
    [['nlp:sentiment'], 'nlp:*', false],
    [['nlp:*'], '*', false],
    [['nlp:*'], 'nlp-extra:sentiment', false],
    [['nlp-extra:*'], 'nlp:sentiment', false],
    [['nlp:sent*'], 'nlp:sentiment', false],
    [[], 'nlp:sentiment', false],
  ])('%j covers %s: %s', (held, wanted, expected) => {
    expect(covers(held, wanted)).toBe(expected);
  });
});

describe('isScope', () => {
  it.each(['*', 'nlp:*', 'nlp:sentiment', 'control-plane:keys.create'])('takes %s', (text) => {
    expect(isScope(text)).toBe(true);
  });

  it.each(['', 'nlp', 'nlp.sentiment', 'nlp:', ':x', 'nlp:sent*', '*:sentiment', 'NLP:*', 'nlp:a b', '**'])(
    'refuses %j',
    (text) => {
      expect(isScope(text)).toBe(false);
    },
  );
});

describe('rolesFor', () => {
  it.each<[Access, string[]]>([
    ['call', ['caller', 'reviewer', 'clinician', 'operator', 'admin']],
    ['review', ['reviewer', 'clinician', 'admin']],
    ['clinical', ['clinician', 'admin']],
    ['operate', ['operator', 'admin']],
    ['administer', ['admin']],
    ['of a newer contract' as Access, []],
  ])('%s: %j', (access, roles) => {
    expect(rolesFor(access)).toEqual(roles);
  });
});

describe('includesRole', () => {
  it.each<[Role[], Role, boolean]>([
    [['admin'], 'clinician', true],
    [['reviewer'], 'caller', true],
    [['caller'], 'reviewer', false],
    [['operator', 'clinician'], 'admin', false],
    [[], 'caller', false],
  ])('%j includes %s: %s', (held, wanted, expected) => {
    expect(includesRole(held, wanted)).toBe(expected);
  });
});
