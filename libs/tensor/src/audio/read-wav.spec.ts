import { describe, expect, it } from '@jest/globals';
import { readWav } from './read-wav.js';
import { wavFile } from './wav.fixture.js';
import { parseWavHeader } from './wav-header.js';

const left = [0, 0.5, -0.5, 0.999, -0.999];
const right = [0.25, -0.25, 0, -1, 1];

function read(bytes: Uint8Array): number[][] {
  const [chunk] = readWav(bytes, parseWavHeader(bytes));
  return (chunk?.channels ?? []).map((channel) => [...channel]);
}

describe('readWav', () => {
  it.each([
    [1, 8, 0.01],
    [1, 16, 1e-4],
    [1, 24, 1e-6],
    [1, 32, 1e-6],
    [3, 32, 1e-7],
    [3, 64, 1e-7],
  ])('reads two channels of tag %d with %d bits', (tag, bitsPerSample, tolerance) => {
    for (const isExtensible of [false, true]) {
      const channels = read(wavFile({ channels: [left, right], tag, bitsPerSample, isExtensible }));
      [left, right].forEach((expected, index) => {
        channels[index]?.forEach((value, frame) =>
          expect(Math.abs(value - (expected[frame] as number))).toBeLessThanOrEqual(tolerance),
        );
      });
    }
  });

  it('reads G.711 telephone codes', () => {
    // ITU-T G.711: the loudest of each sign, and the quietest.
    const muLaw = read(wavFile({ channels: [[0x80, 0x00, 0xff]], tag: 7, bitsPerSample: 8 }))[0] as number[];
    expect(muLaw.map((value) => value * 32_768)).toEqual([32_124, -32_124, 0]);
    const aLaw = read(wavFile({ channels: [[0xaa, 0x2a, 0xd5]], tag: 6, bitsPerSample: 8 }))[0] as number[];
    expect(aLaw.map((value) => value * 32_768)).toEqual([32_256, -32_256, 8]);
  });

  it('gives long files in stretches, with every sample once', () => {
    const samples = Array.from({ length: 40_000 }, (_, index) => (index % 100) / 100);
    const bytes = wavFile({ channels: [samples], tag: 3, bitsPerSample: 64 });
    const chunks = [...readWav(bytes, parseWavHeader(bytes))].map(({ channels }) => [
      ...(channels[0] as Float32Array),
    ]);
    expect(chunks.length).toBeGreaterThan(1);
    expect(chunks.flat()).toEqual([...Float32Array.from(samples)]);
  });
});

describe('parseWavHeader', () => {
  const header = (fixture: Partial<Parameters<typeof wavFile>[0]>) =>
    parseWavHeader(wavFile({ channels: [left], ...fixture }));

  it('takes the samples that are there when the header claims more, and says so', () => {
    expect(header({ declaredBytes: 1_000_000 })).toMatchObject({ frames: 5, isCutShort: true });
    expect(header({ declaredBytes: 4 })).toMatchObject({ frames: 2, isCutShort: false });
  });

  it('takes what is there of a recording whose writer did not know its length', () => {
    expect(header({ declaredBytes: 0xffff_ffff })).toMatchObject({ frames: 5, isCutShort: false });
  });

  it.each([
    ['no channel', 22, [0, 0]],
    ['1,000 channels', 22, [0xe8, 3]],
    ['a frame size that contradicts the channels', 32, [7, 0]],
    ['a format chunk of 4 GB', 16, [0xff, 0xff, 0xff, 0xff]],
    ['no samples chunk', 36, [0x78]],
  ])('refuses %s as damaged', (_what, offset, patch) => {
    const bytes = wavFile({ channels: [left] });
    bytes.set(patch, offset);
    expect(() => parseWavHeader(bytes)).toThrow(expect.objectContaining({ code: 'damaged_audio' }));
  });

  it.each([
    ['ADPCM', { tag: 2, bitsPerSample: 4 }],
    ['12 bits', { bitsPerSample: 12 }],
  ])('refuses %s as not supported', (_what, format) => {
    const bytes = wavFile({ channels: [[]], ...format });
    expect(() => parseWavHeader(bytes)).toThrow(expect.objectContaining({ code: 'unsupported_audio' }));
  });

  it('refuses a header that ends early', () => {
    const bytes = wavFile({ channels: [left] });
    for (let length = 12; length < 44; length++) {
      expect(() => parseWavHeader(bytes.subarray(0, length))).toThrow(
        expect.objectContaining({ code: 'damaged_audio' }),
      );
    }
  });
});
