import { describe, expect, it } from '@jest/globals';
import { zeros } from '../../tensor.js';
import { melFilterBank } from './mel-filter-bank.js';
import { melSpectrogram } from './mel-spectrogram.js';
import { mfcc } from './mfcc.js';
import { stft } from './stft.js';
import { windowOf } from './window.js';

describe('stft', () => {
  const options = { fftSize: 8, hopLength: 4, padding: 'reflect' } as const;

  it('says what is too short', () => {
    const short = expect.objectContaining({ code: 'empty_audio' });
    expect(() => stft(new Float32Array(4), options)).toThrow(short);
    expect(() => stft(new Float32Array(0), { ...options, padding: 'zero' })).toThrow(short);
    expect(() => stft(new Float32Array(7), { ...options, padding: 'none' })).toThrow(
      'The audio has 7 samples: a spectrum of 8 takes 8 at least.',
    );
  });

  it('refuses sizes that are none', () => {
    const samples = new Float32Array(20);
    expect(() => stft(samples, { ...options, hopLength: 0 })).toThrow(RangeError);
    expect(() => stft(samples, { ...options, windowLength: 9 })).toThrow(RangeError);
  });
});

describe('mel spectrograms', () => {
  it('are without bands nothing', () => {
    const bank = { sampleRateHz: 16_000, fftSize: 400, scale: 'slaney' } as const;
    expect(() => melFilterBank({ ...bank, bands: 0 })).toThrow(RangeError);
    expect(() => melFilterBank({ ...bank, bands: 8, maxHz: 9_000 })).toThrow(RangeError);
    expect(() => mfcc(zeros('float32', [8, 2]), 9)).toThrow(
      'Of 8 bands 1 to 8 coefficients can be made, not 9.',
    );
  });

  it('take a band that no bin lies in for silent', () => {
    const narrow = { sampleRateHz: 16_000, fftSize: 16, bands: 40, scale: 'slaney' } as const;
    const mel = melSpectrogram(Float32Array.from({ length: 32 }, Math.random), {
      ...narrow,
      hopLength: 16,
      padding: 'zero',
    });
    expect([...mel.data.subarray(0, 3)]).toEqual([0, 0, 0]);
  });
});

describe('windowOf', () => {
  it('is periodic, and lies in the middle of its frame', () => {
    const hann = [0, 0, 0, 0.5, 1, 0.5, 0, 0];
    windowOf('hann', 4, 8).forEach((value, index) => expect(value).toBeCloseTo(hann[index] as number, 12));
  });
});
