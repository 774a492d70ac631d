import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { tensor, type Tensor } from '../../tensor.js';
import { powerToDecibels, powerToWhisper, type DecibelOptions } from './log-mel.js';
import { melFilterBank, type MelOptions } from './mel-filter-bank.js';
import { melSpectrogram, type MelSpectrogramOptions } from './mel-spectrogram.js';
import { mfcc } from './mfcc.js';
import { stft, type StftOptions } from './stft.js';

interface Case<Options> {
  readonly options: Options;
  readonly shape: readonly number[];
  readonly values: readonly number[];
}

interface Golden {
  readonly reference: string;
  /** A value may differ by so much of itself, and by so much of the largest there is. */
  readonly tolerance: { readonly relative: number; readonly ofLargest: number };
  readonly inputSamples: number;
  readonly stft: readonly Case<StftOptions>[];
  readonly melFilterBank: readonly Case<MelOptions>[];
  readonly melSpectrogram: readonly [Case<MelSpectrogramOptions>, Case<MelSpectrogramOptions>];
  readonly powerToWhisper: Case<unknown>;
  readonly powerToDecibels: readonly Case<DecibelOptions>[];
  readonly mfcc: Case<{ readonly coefficients: number }>;
}

const golden = JSON.parse(
  readFileSync(new URL('../golden/spectrogram.json', import.meta.url), 'utf8'),
) as Golden;

/** `signal` of tools/golden/spectrogram.py. */
const sweep = Float32Array.from(
  { length: golden.inputSamples },
  (_, n) => 0.5 * Math.sin(0.0005 * n * n) + (n % 50 < 25 ? 0.25 : 0),
);

function expectValues(actual: Tensor<'float32'>, { shape, values }: Case<unknown>): void {
  expect(actual.shape).toEqual(shape);
  const { relative, ofLargest } = golden.tolerance;
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const wrong = values.filter((value, index) => {
    const difference = Math.abs(value - (actual.data[index] as number));
    return !(difference <= relative * Math.abs(value) + ofLargest * largest);
  });
  expect(wrong).toEqual([]);
}

const power = ({ shape, values }: Case<unknown>) => tensor('float32', shape, Float32Array.from(values));

describe(`spectra have the values of ${golden.reference}`, () => {
  it.each(golden.stft)('stft, $options', (expected) => {
    expectValues(stft(sweep, expected.options), expected);
  });

  it.each(golden.melFilterBank)('mel filters, $options', (expected) => {
    expectValues(melFilterBank(expected.options), expected);
  });

  it.each(golden.melSpectrogram)('mel spectrogram, $options', (expected) => {
    expectValues(melSpectrogram(sweep, expected.options), expected);
  });

  it("Whisper's logarithm", () => {
    expectValues(powerToWhisper(power(golden.melSpectrogram[0])), golden.powerToWhisper);
  });

  it.each(golden.powerToDecibels)('decibels, $options', (expected) => {
    expectValues(powerToDecibels(power(golden.melSpectrogram[1]), expected.options), expected);
  });

  it('mel-frequency cepstral coefficients', () => {
    const decibels = powerToDecibels(power(golden.melSpectrogram[1]));
    expectValues(mfcc(decibels, golden.mfcc.options.coefficients), golden.mfcc);
  });
});
