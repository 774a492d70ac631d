import { describe, expect, it } from '@jest/globals';
import { CONTEXT, toFracastInput } from './fracast-input.js';
import { golden, knownOf } from './golden.fixture.js';

describe(`toFracastInput gives what ${golden.reference} does`, () => {
  it.each(golden.cases)('of $name', ({ values, periods, seasonalFill }) => {
    const { tensors } = toFracastInput([knownOf(values)]);
    // The phase of step 1 tells the period: its sine and cosine are those of one step.
    const phaseOfFirst = [...tensors.phase.data.subarray(8, 16)];
    const expected = periods.flatMap((period) => [
      Math.sin((2 * Math.PI) / period),
      Math.cos((2 * Math.PI) / period),
    ]);
    expected.push(...Array.from({ length: 8 - expected.length }, () => 0));
    phaseOfFirst.forEach((value, index) => expect(value).toBeCloseTo(expected[index] as number, 6));
    tensors.seasonal_fill.data.forEach((value, index) =>
      expect(value).toBeCloseTo(seasonalFill[index] as number, 5),
    );
  });
});

describe('toFracastInput', () => {
  it('reads the last steps, scaled to 0 to 1, the rest without coverage', () => {
    const { tensors, scales } = toFracastInput([Float64Array.of(10, Number.NaN, 30, 20)]);
    expect([...tensors.values.data.slice(-5)]).toEqual([0, 0, 0, 1, 0.5]);
    expect([...tensors.coverage.data.slice(-5)]).toEqual([0, 1, 0, 1, 1]);
    expect(scales).toEqual([{ least: 10, span: 20 }]);
  });

  it('reads no more than the context', () => {
    const history = Float64Array.from({ length: CONTEXT + 10 }, (_, step) => (step < 10 ? 1e9 : step % 7));
    const { tensors, scales } = toFracastInput([history]);
    expect(scales).toEqual([{ least: 0, span: 6 }]);
    expect(tensors.coverage.data.every((value) => value === 1)).toBe(true);
  });

  it('keeps the differences of values that are small, or small beside their size', () => {
    const waves = [1e-12, 1].map((size) => {
      const history = Float64Array.from(
        { length: 64 },
        (_, step) => 1e6 * (size - 1e-12) + size * (step % 4),
      );
      return toFracastInput([history]).tensors;
    });
    waves[0]?.values.data.forEach((value, index) =>
      expect(value).toBeCloseTo(waves[1]?.values.data[index] as number, 6),
    );
  });

  it('gives the rows of several histories one after the other, each as alone', () => {
    const histories = golden.cases.slice(0, 3).map(({ values }) => knownOf(values));
    const together = toFracastInput(histories);
    histories.forEach((history, row) => {
      const alone = toFracastInput([history]);
      expect(together.scales[row]).toEqual(alone.scales[0]);
      for (const name of ['values', 'coverage', 'phase', 'seasonal_fill'] as const) {
        const { data } = alone.tensors[name];
        expect(together.tensors[name].data.slice(row * data.length, (row + 1) * data.length)).toEqual(data);
      }
    });
  });
});
