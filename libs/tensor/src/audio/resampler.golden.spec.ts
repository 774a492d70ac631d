import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { Resampler } from './resampler.js';

interface Golden {
  readonly reference: string;
  readonly tolerance: number;
  readonly inputSamples: number;
  readonly cases: readonly {
    readonly fromHz: number;
    readonly toHz: number;
    readonly samples: readonly number[];
  }[];
}

const golden = JSON.parse(readFileSync(new URL('golden/resampler.json', import.meta.url), 'utf8')) as Golden;

/** `signal` of tools/golden/audio.py. */
const sweep = Float32Array.from(
  { length: golden.inputSamples },
  (_, n) => 0.5 * Math.sin(0.0005 * n * n) + (n % 50 < 25 ? 0.25 : 0),
);

describe(`Resampler gives the values of ${golden.reference}`, () => {
  it.each(golden.cases)('from $fromHz to $toHz Hz', ({ fromHz, toHz, samples }) => {
    const resampler = new Resampler(fromHz, toHz);
    const result = [...resampler.push(sweep), ...resampler.finish()];
    expect(result.length).toBe(samples.length);
    const worst = Math.max(...result.map((value, index) => Math.abs(value - (samples[index] as number))));
    expect(worst).toBeLessThan(golden.tolerance);
  });
});
