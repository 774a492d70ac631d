import { z } from 'zod';
import { defineCapability } from '../../capability.js';
import { defineErrors } from '../../errors.js';

export const forecastErrors = defineErrors('forecasting', {
  too_few_values: { status: 422, title: 'The series is too short', retryable: false },
  duplicate_times: { status: 422, title: 'The series has two values for one time', retryable: false },
  irregular_times: { status: 422, title: 'The times of the series have no even step', retryable: false },
});

/** The most values of one series; the model reads the last 2,048 steps. */
export const MOST_VALUES = 100_000;
/** The most steps ahead. */
export const MOST_STEPS = 192;

const time = z
  .string()
  .max(40)
  .describe(
    'A date (`2026-05-23`) or a time (`2026-05-23T14:00`), with an offset (`Z`, `+02:00`) or without.',
  );

const frequency = z.union([
  z.enum(['hour', 'day', 'week', 'month', 'quarter', 'year']),
  z.number().min(0.001).max(316_224_000),
]);

const interval = z.strictObject({ lower: z.number(), upper: z.number() });

const point = z.strictObject({
  step: z.int().min(1).describe('Steps after the last of the series.'),
  time: z
    .string()
    .nullable()
    .describe("In the form of the series' own times; null where the series has none."),
  median: z.number().describe('The forecast: the value is as likely to be above it as below.'),
  interval80: interval.describe('Meant to hold the value 8 times in 10.'),
  interval95: interval.describe('Meant to hold the value 19 times in 20.'),
  seasonalNaive: z
    .number()
    .describe('The rival: the value one season before; without a season the last one.'),
});

const errors = z.strictObject({
  meanAbsoluteError: z.number().describe('In the unit of the values.'),
  mase: z
    .number()
    .nullable()
    .describe(
      'The same, divided by the mean change over a season in the history; null where nothing changes.',
    ),
});

/** How a series goes on, how sure that is, and what the plainest rival says. */
export const forecast = defineCapability({
  service: 'forecasting',
  operation: 'forecast',
  summary: 'Forecasts a series with 80 % and 95 % intervals, the seasonal-naive forecast beside it.',
  description:
    'Send the values, oldest first, `null` where one is not known, and either `times`, or `start` and `frequency`, or ' +
    'neither. `times` may have gaps and any order; those that are no even grid are refused. Steps of a day and longer ' +
    'go by the clock that the times show, so summer time moves nothing; shorter steps by the instant. Months that end ' +
    'on their last day go on so. The model (Fracast-0, 85,001 weights) reads at most the last 2,048 steps and needs 8 ' +
    'known values; it was not trained on your series and learns nothing from it. `backtest` says how it and the ' +
    'seasonal-naive forecast did on the last part of the series itself: trust the better one. The intervals come from ' +
    "the model's quantiles, stretched by what held-back parts of other series taught; the model card has the coverage " +
    'measured on three data sets. What was done to the series (sorted, moved, cut) is in `warnings`. Not fit for events ' +
    'that the past does not show, such as a holiday or a price change.',
  input: z.strictObject({
    values: z
      .array(z.number().min(-1e15).max(1e15).nullable())
      .min(1)
      .max(MOST_VALUES)
      .describe('Oldest first, or in the order of `times`; null where not known. From -1e15 to 1e15.'),
    times: z
      .array(time)
      .min(1)
      .max(MOST_VALUES)
      .optional()
      .describe('One for each value, all in one form: dates, times with an offset, or times without.'),
    start: time.optional().describe('Time of the first value, where there are no `times`.'),
    frequency: frequency
      .optional()
      .describe('The step: a word, or seconds, such as 900. Needed with `start`; found out from `times`.'),
    horizon: z.int().min(1).max(MOST_STEPS).describe('How many steps to forecast.'),
    season: z
      .int()
      .min(1)
      .max(MOST_VALUES)
      .optional()
      .describe('Steps after which the series repeats, for the rival; 1 for none. Found out unless told.'),
  }),
  output: z.strictObject({
    points: z.array(point).describe('One for each step, in order.'),
    frequency: frequency.nullable().describe('The step that was used; null where there are no times.'),
    season: z
      .strictObject({
        steps: z.int().min(1).describe('1: no season.'),
        source: z.enum(['given', 'detected', 'none']),
      })
      .describe('What the seasonal-naive forecast repeats.'),
    backtest: z
      .strictObject({
        windows: z.int().min(1),
        steps: z.int().min(1).describe('Of each window; the windows are the end of the series.'),
        model: errors,
        seasonalNaive: errors,
        covered80: z.number().min(0).max(1).describe('Share of the values within their 80 % intervals.'),
        covered95: z.number().min(0).max(1),
        better: z.enum(['model', 'seasonal-naive', 'equal']).describe('By mean absolute error.'),
        reason: z.string().describe('The same in a sentence.'),
      })
      .nullable()
      .describe('Forecasts of the last part of the series from what was before; null where it is too short.'),
  }),
  prediction: { ledger: 'async', retainInput: 'never', retainDays: 365, reviewable: true },
  errors: Object.values(forecastErrors),
  maxItems: 16,
  deadlineMs: 120_000,
  retrySafe: true,
  examples: [
    {
      title: 'Three months more of a shop that sells more each year',
      input: {
        values: [
          220, 224, 213, 223, 264, 291, 311, 312, 271, 225, 224, 222, 237, 225, 229, 233, 285, 327, 331, 314,
          291, 257, 238, 257, 251, 259, 241, 267, 301, 335, 358, 342, 304, 261, 250, 273, 270, 278, 257, 276,
          309, 349, 386, 369, 312, 281, 278, 281,
        ],
        start: '2022-01-01',
        frequency: 'month',
        horizon: 3,
      },
      output: {
        points: [
          {
            step: 1,
            time: '2026-01-01',
            median: 272,
            interval80: { lower: 244.6, upper: 300.8 },
            interval95: { lower: 224.9, upper: 321.6 },
            seasonalNaive: 270,
          },
          {
            step: 2,
            time: '2026-02-01',
            median: 276.1,
            interval80: { lower: 248.6, upper: 310.3 },
            interval95: { lower: 228.8, upper: 335 },
            seasonalNaive: 278,
          },
          {
            step: 3,
            time: '2026-03-01',
            median: 254.6,
            interval80: { lower: 230.6, upper: 288.6 },
            interval95: { lower: 213.3, upper: 313 },
            seasonalNaive: 257,
          },
        ],
        frequency: 'month',
        season: { steps: 12, source: 'detected' },
        backtest: {
          windows: 4,
          steps: 3,
          model: { meanAbsoluteError: 17.3, mase: 0.9395 },
          seasonalNaive: { meanAbsoluteError: 17, mase: 0.9231 },
          covered80: 0.75,
          covered95: 0.8333,
          better: 'seasonal-naive',
          reason:
            'Over the last 12 known values of the series, forecast from what was before them, the model was off by 17.3 on average, the seasonal-naive forecast by 17: trust the seasonal-naive forecast.',
        },
      },
    },
  ],
});
