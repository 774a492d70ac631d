import type { OutputOf } from '@ganglion/contracts/capability';
import type { score } from '@ganglion/contracts/services/fraud-detection/score';
import type { ShapleyExplanation } from '@ganglion/explain/shapley-values';
import { describeFactors } from './describe-factors.js';
import { FACTOR_COLUMNS } from './features.js';
import type { PreparedTransaction } from './preprocess.js';

type Output = OutputOf<typeof score>;
type Factor = Output['reasons'][number]['factor'];

/** The model's log-odds and what they are made of, as an answer. */
export function postprocess(
  { value, baseValue, contributions }: ShapleyExplanation,
  prepared: Pick<PreparedTransaction, 'source' | 'windows'>,
): Output {
  const sentences = describeFactors(prepared.source, prepared.windows);
  const reasons = (Object.keys(FACTOR_COLUMNS) as Factor[]).map((factor, index) => ({
    factor,
    contribution: contributions[index] as number,
    sentence: sentences[factor],
  }));
  reasons.sort((left, right) => Math.abs(right.contribution) - Math.abs(left.contribution));
  return { probability: 1 / (1 + Math.exp(-value)), logOdds: value, baseLogOdds: baseValue, reasons };
}
