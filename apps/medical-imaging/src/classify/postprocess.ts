import type { OutputOf } from '@ganglion/contracts/capability';
import type { classify } from '@ganglion/contracts/services/medical-imaging/classify';
import type { TensorMap } from '@ganglion/inference';
import { expectDtype, type Tensor } from '@ganglion/tensor';
import type { FilmSource } from './film.js';

type Output = OutputOf<typeof classify>;

const REVIEW = {
  by: 'a radiologist or the treating physician',
  reason:
    'The model was trained on small (28 x 28) films of children from one hospital, and is no medical device: look at the film itself.',
};

/** The model's log-likelihood ratio as an answer: Bayes' rule brings it to a probability at a prevalence. */
export function postprocess(
  outputs: TensorMap,
  { format, width, height, modality, bodyPart, view }: FilmSource,
  { threshold, prevalence }: { readonly threshold: number; readonly prevalence: number },
): Output {
  const ratio = expectDtype(outputs['log_likelihood_ratio'] as Tensor, 'float32').data[0] as number;
  const priorLogOdds = Math.log(prevalence / (1 - prevalence));
  return {
    findings: [
      {
        label: 'pneumonia',
        probability: toProbability(ratio + priorLogOdds),
        threshold: toProbability(threshold + priorLogOdds),
        positive: ratio >= threshold,
      },
    ],
    prevalence,
    reviewRequired: true,
    review: REVIEW,
    film: {
      ...{ format, width, height },
      ...(modality !== undefined && { modality }),
      ...(bodyPart !== undefined && { bodyPart }),
      ...(view !== undefined && { view }),
    },
  };
}

function toProbability(logOdds: number): number {
  return 1 / (1 + Math.exp(-logOdds));
}
