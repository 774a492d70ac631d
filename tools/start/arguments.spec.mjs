import { describe, expect, it } from '@jest/globals';
import { chooseApps } from './apps.mjs';
import { HELP, parseArguments } from './arguments.mjs';

describe('the command line', () => {
  it('wants everything, once each, when it is empty', () => {
    expect(parseArguments([])).toEqual({
      help: false,
      once: false,
      reset: false,
      resetOnly: false,
      only: undefined,
      watch: [],
      scale: {},
    });
  });

  it('takes lists by commas and by repetition', () => {
    const { only, watch, scale } = parseArguments([
      '--only',
      'nlp,forecasting',
      '--watch=nlp',
      '--scale',
      'nlp=2,a=3',
    ]);
    expect({ only, watch, scale }).toEqual({
      only: ['nlp', 'forecasting'],
      watch: ['nlp'],
      scale: { nlp: 2, a: 3 },
    });
  });

  it('ends after a reset only when nothing else is wished', () => {
    expect(parseArguments(['--reset']).resetOnly).toBe(true);
    expect(parseArguments(['--reset', '--once'])).toMatchObject({
      reset: true,
      resetOnly: false,
      once: true,
    });
  });

  it.each([
    ['--nope'],
    ['--scale', 'nlp'],
    ['--scale', 'nlp=0'],
    ['--scale', 'gateway=2'],
    ['nlp'],
    ['--only'],
  ])('refuses %s %s in one line', (...args) => {
    expect(() => parseArguments(args)).toThrow(expect.objectContaining({ name: 'SetupError' }));
    expect(() => parseArguments(args)).toThrow(/^.+$/);
  });

  it('names every option in its help', () => {
    for (const option of ['--once', '--only', '--scale', '--watch', '--reset', '--help'])
      expect(HELP).toContain(option);
  });
});

describe('chooseApps', () => {
  const apps = ['control-plane', 'forecasting', 'gateway', 'nlp'].map((name) => ({
    name,
    folder: `/apps/${name}`,
    usesDatabase: false,
  }));
  const choose = (/** @type {Partial<import('./arguments.mjs').Arguments>} */ wishes) =>
    [...chooseApps(apps, { only: undefined, scale: {}, watch: [], ...wishes })].map(
      ([{ name }, count]) => `${name} x ${count}`,
    );

  it('takes all, once each', () => {
    expect(choose({})).toEqual(['control-plane x 1', 'forecasting x 1', 'gateway x 1', 'nlp x 1']);
  });

  it('keeps gateway and control plane whatever is chosen', () => {
    expect(choose({ only: ['nlp'], scale: { nlp: 2 } })).toEqual([
      'control-plane x 1',
      'gateway x 1',
      'nlp x 2',
    ]);
  });

  it('refuses what is not there, or not chosen', () => {
    expect(() => choose({ only: ['nlq'] })).toThrow('There is no app "nlq", only control-plane, forecasting');
    expect(() => choose({ watch: ['nlq'] })).toThrow('There is no app "nlq"');
    expect(() => choose({ only: ['nlp'], scale: { forecasting: 2 } })).toThrow('not among those of --only');
  });
});
