import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { FEATURES } from './features.js';
import { golden } from './golden.fixture.js';
import { preprocess, scorerInput } from './preprocess.js';

const manifest = new URL('../../models/fraud-mlp.json', import.meta.url);
const settings = scorerInput.parse(JSON.parse(readFileSync(manifest, 'utf8')).preprocessing);

describe(`features, beside ${golden.reference}`, () => {
  it.each(golden.cases.map((entry) => [entry.name, entry] as const))('of %s', (_, { input, features }) => {
    const prepared = preprocess(input, settings);
    expect(prepared.features).toHaveLength(FEATURES.length);
    prepared.features.forEach((value, column) => {
      expect([FEATURES[column], Math.abs(value - (features[column] as number)) < golden.tolerance]).toEqual([
        FEATURES[column],
        true,
      ]);
    });
  });
});
