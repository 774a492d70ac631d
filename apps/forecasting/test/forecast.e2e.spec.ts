import { readFileSync } from 'node:fs';
import type { Answer, Answers } from '@ganglion/contracts/answer';
import type { InputOf, OutputOf } from '@ganglion/contracts/capability';
import type { ServiceError } from '@ganglion/contracts/errors';
import { forecast } from '@ganglion/contracts/services/forecasting/forecast';
import { ModelModule } from '@ganglion/service-kit/model/model.module';
import { refusalOf, startServers, testService, type TestServers, type TestService } from '@ganglion/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ForecastHandler } from '../src/forecast/forecast.handler.js';
import { golden, knownOf } from '../src/forecast/golden.fixture.js';
import { intervalFactors, toIntervals } from '../src/forecast/intervals.js';

type Input = InputOf<typeof forecast>;
type Forecast = Answer<OutputOf<typeof forecast>>;

const manifest = JSON.parse(readFileSync(new URL('../models/fracast.json', import.meta.url), 'utf8')) as {
  preprocessing: { intervals: unknown };
};
const factors = intervalFactors.parse(manifest.preprocessing.intervals);

let servers: TestServers;
let service: TestService;

beforeAll(async () => {
  servers = await startServers();
  service = await testService({
    name: 'forecasting',
    imports: [ModelModule.of(new URL('..', import.meta.url), process.env)],
    controllers: [ForecastHandler],
    environment: servers.environment,
  });
});

afterAll(async () => {
  await service?.stop();
  await servers?.stop();
});

const call = async (input: Input): Promise<Forecast> =>
  (await service.call(forecast, input)) as unknown as Forecast;

const refusal = (input: unknown): Promise<ServiceError> => refusalOf(service.call(forecast, input as Input));

/** A week of seven days, its mean rising, without noise. */
const weekly = (count: number): number[] =>
  Array.from({ length: count }, (_, day) => 100 + 0.1 * day + 20 * Math.sin((2 * Math.PI * day) / 7));

describe('forecast', () => {
  it.each(golden.cases)('forecasts $name as the reference does', async ({ values, quantiles, continued }) => {
    const expected = toIntervals(
      [...quantiles, ...(continued ?? [])].map((step) => Float64Array.from(step)),
      factors,
    );
    const known = knownOf(values).filter((value) => !Number.isNaN(value));
    const near = golden.tolerance * (Math.max(...known) - Math.min(...known) || 1);
    const { output, model } = await call({ values: [...values], horizon: expected.length });
    expect(model).toEqual({ id: 'fracast-0', version: '1.0.0' });
    expect(output.points).toHaveLength(expected.length);
    output.points.forEach(({ step, median, interval80, interval95 }, index) => {
      const reference = expected[index] as (typeof expected)[number];
      expect(step).toBe(index + 1);
      expect(Math.abs(median - reference.median)).toBeLessThan(near);
      for (const [interval, bounds] of [
        [interval80, reference.interval80],
        [interval95, reference.interval95],
      ] as const) {
        expect(Math.abs(interval.lower - bounds.lower)).toBeLessThan(4 * near);
        expect(Math.abs(interval.upper - bounds.upper)).toBeLessThan(4 * near);
      }
    });
  });

  it('follows a plain season, and knows that the rival does not rise', async () => {
    const values = weekly(400);
    const { output, warnings } = await call({
      values: values.slice(0, 386),
      start: '2025-01-01',
      frequency: 'day',
      horizon: 14,
    });
    expect(warnings).toEqual([]);
    expect(output.season).toEqual({ steps: 7, source: 'detected' });
    expect(output.points[0]?.time).toBe('2026-01-22');
    output.points.forEach(({ median, seasonalNaive, interval80, interval95 }, index) => {
      const actual = values[386 + index] as number;
      expect(Math.abs(median - actual)).toBeLessThan(6);
      expect(seasonalNaive).toBeCloseTo(values[379 + (index % 7)] as number, 9);
      expect(interval95.lower).toBeLessThan(interval80.lower);
      expect(interval80.lower).toBeLessThanOrEqual(median);
      expect(interval80.upper).toBeGreaterThanOrEqual(median);
      expect(interval95.upper).toBeGreaterThan(interval80.upper);
    });
    expect(output.backtest).toMatchObject({ windows: 4, steps: 14 });
  });

  it.each([...forecast.examples])(
    'answers the example "$title" as the contract shows it',
    async (example) => {
      const { output, warnings } = await call(example.input);
      expect(warnings).toEqual([]);
      const rounded = JSON.parse(JSON.stringify(output), (_, value: unknown) =>
        typeof value === 'number' ? Number(value.toPrecision(3)) : value,
      ) as unknown;
      const shown = JSON.parse(JSON.stringify(example.output), (_, value: unknown) =>
        typeof value === 'number' ? Number(value.toPrecision(3)) : value,
      ) as unknown;
      expect(rounded).toEqual(shown);
    },
  );

  it('takes the same series in another unit to the same forecast in that unit', async () => {
    const [small, plain, large] = await Promise.all(
      [1e-9, 1, 1e9].map((unit) => call({ values: weekly(100).map((value) => value * unit), horizon: 60 })),
    );
    plain?.output.points.forEach(({ median }, index) => {
      expect((small?.output.points[index]?.median ?? 0) / 1e-9).toBeCloseTo(median, 2);
      expect((large?.output.points[index]?.median ?? 0) / 1e9).toBeCloseTo(median, 2);
    });
  });

  it('says what was done to a series with gaps, in no order', async () => {
    const values: (number | null)[] = weekly(60);
    values[20] = null;
    const times = values.map((_, day) => new Date(Date.UTC(2026, 0, 1 + day)).toISOString().slice(0, 10));
    times.reverse();
    values.reverse();
    times.splice(30, 2);
    values.splice(30, 2);
    const { output, warnings } = await call({ values, times, horizon: 1 });
    expect(output.frequency).toBe('day');
    expect(output.points[0]?.time).toBe('2026-03-02');
    expect(warnings).toEqual([
      'The values were sorted by time.',
      expect.stringMatching(/^3 of 60 steps have no value/),
    ]);
  });

  it('forecasts equal values as equal', async () => {
    const { output, warnings } = await call({ values: Array.from({ length: 30 }, () => 0.1), horizon: 3 });
    for (const { median, interval95, seasonalNaive } of output.points) {
      expect([median, interval95.lower, interval95.upper, seasonalNaive]).toEqual([0.1, 0.1, 0.1, 0.1]);
    }
    expect(output.backtest?.better).toBe('equal');
    expect(warnings).toEqual([expect.stringContaining('equal')]);
  });

  it('reads the end of the longest series, and says so', async () => {
    const values = weekly(100_000);
    const [whole, end] = await Promise.all([
      call({ values, horizon: 1 }),
      call({ values: values.slice(-2_048), horizon: 1 }),
    ]);
    expect(whole.warnings).toEqual([expect.stringContaining('the last 2048')]);
    expect(whole.output.points[0]?.median).toBeCloseTo(end.output.points[0]?.median ?? 0, 6);
  });

  it('takes the largest values that it may', async () => {
    const { output } = await call({
      values: weekly(50).map((value, day) => (day % 2 ? -1 : 1) * value * 8e12),
      horizon: 192,
    });
    for (const { median, interval95 } of output.points) {
      expect([median, interval95.lower, interval95.upper].every(Number.isFinite)).toBe(true);
    }
  });

  it('answers many at once, in order; a broken one spoils none', async () => {
    const inputs: unknown[] = [weekly(40), [1, 2], weekly(50)].map((values) => ({ values, horizon: 2 }));
    const { results } = (await service.call(forecast, { inputs } as never)) as unknown as Answers;
    expect(results[1]).toMatchObject({ error: { code: 'forecasting.too_few_values', status: 422 } });
    const alone = await call({ values: weekly(50), horizon: 2 });
    expect((results[2] as Forecast).output.points[0]?.median).toBeCloseTo(
      alone.output.points[0]?.median ?? 0,
      4,
    );
  });
});

describe('an input that cannot be used', () => {
  const plain = { values: weekly(30), horizon: 3 };
  const withValue = (value: unknown) => ({ ...plain, values: [...plain.values, value] });

  it.each([
    ['horizon 0', { ...plain, horizon: 0 }, '/horizon'],
    ['a horizon of a million', { ...plain, horizon: 1_000_000 }, '/horizon'],
    ['half a step', { ...plain, horizon: 1.5 }, '/horizon'],
    ['no horizon', { values: plain.values }, '/horizon'],
    ['NaN', withValue(NaN), '/values/30'],
    ['infinity, which JSON makes of 1e999', withValue(Infinity), '/values/30'],
    ['1e308', withValue(1e308), '/values/30'],
    ['a number as text', withValue('12.5'), '/values/30'],
    ['no values', { ...plain, values: [] }, '/values'],
    ['a million values', { ...plain, values: new Array(1_000_000).fill(1) }, '/values'],
    ['the 30th of February', { ...plain, start: '2026-02-30', frequency: 'day' }, '/start'],
    ['a step that is none', { ...plain, start: '2026-02-28', frequency: 'fortnight' }, '/frequency'],
    ['a step of nothing', { ...plain, start: '2026-02-28', frequency: 0 }, '/frequency'],
    ['a season longer than the series', { ...plain, season: 31 }, '/season'],
    ['fewer times than values', { ...plain, times: ['2026-01-01'] }, '/times'],
  ])('%s is refused, with its place', async (_, input, pointer) => {
    const error = await refusal(input);
    expect(error.spec.status).toBe(422);
    expect(error.errors?.map((problem) => problem.pointer)).toContain(pointer);
  });

  it.each([
    ['two values', { values: [1, 2], horizon: 1 }, /2 known values: send at least 8/],
    ['nothing known', { values: new Array(20).fill(null), horizon: 1 }, /0 known values/],
    [
      'an end that is not known',
      { values: [...weekly(60), ...new Array(2_048).fill(null)], horizon: 1 },
      /last 2048 steps have 0/,
    ],
  ])('%s is too little', async (_, input, message) => {
    const error = await refusal(input);
    expect(error.code).toBe('forecasting.too_few_values');
    expect(error.message).toMatch(message);
  });

  it('an option that there is not is refused', async () => {
    expect((await refusal({ ...plain, quantile: 0.5 })).code).toBe('unknown_option');
  });
});
