import { readFileSync } from 'node:fs';
import type { ParsedInputOf } from '@ganglion/contracts/capability';
import type { score } from '@ganglion/contracts/services/fraud-detection/score';

export interface GoldenScore {
  readonly name: string;
  readonly input: ParsedInputOf<typeof score>;
  readonly features: readonly number[];
  readonly logOdds: number;
  readonly baseLogOdds: number;
  readonly contributions: Readonly<Record<string, number>>;
}

/** What tools/golden/fraud.py computed, by other programs than ours. */
export const golden = JSON.parse(readFileSync(new URL('./golden/score.json', import.meta.url), 'utf8')) as {
  readonly reference: string;
  readonly tolerance: number;
  readonly cases: readonly GoldenScore[];
};
