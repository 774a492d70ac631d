import { readFileSync } from 'node:fs';

interface GoldenCase {
  readonly name: string;
  readonly values: readonly (number | null)[];
  readonly periods: readonly number[];
  /** `[48]` */
  readonly seasonalFill: readonly number[];
  /** `[48][9]` */
  readonly quantiles: readonly (readonly number[])[];
  /** `[62][9]`: what follows. */
  readonly continued?: readonly (readonly number[])[];
}

interface Golden {
  readonly reference: string;
  /** Share of the span of the values. */
  readonly tolerance: number;
  readonly cases: readonly GoldenCase[];
}

/** Made by tools/golden/forecast.py. */
export const golden = JSON.parse(
  readFileSync(new URL('golden/forecast.json', import.meta.url), 'utf8'),
) as Golden;

/** NaN where not known. */
export function knownOf(values: readonly (number | null)[]): Float64Array {
  return Float64Array.from(values, (value) => value ?? Number.NaN);
}
