import { ServiceError } from '@ganglion/contracts/errors';
import { filmErrors } from '@ganglion/contracts/services/medical-imaging/classify';
import { tensor, type Tensor } from '@ganglion/tensor';
import { z } from 'zod';
import type { ReadFilm } from './film.js';
import { resemblance } from './resemblance.js';

/** What the manifest's `preprocessing` holds. */
export const classifierInput = z.strictObject({
  side: z.int().min(7).multipleOf(7).describe('Pixels along a side of the film that the model takes.'),
  threshold: z.number().describe('The log-likelihood ratio from which a film is called positive.'),
  prevalence: z.number().gt(0).lt(1).describe('Of pneumonia in the data set.'),
  meanFilm: z.array(z.number()).length(49).describe('Of the training films, in 7 x 7 blocks.'),
  usualResemblance: z.number().describe('To the mean film, of 99.5 % of the training films at least.'),
});

export type ClassifierInput = z.output<typeof classifierInput>;

/** A film, ready for the model, and what is to be said of it. */
export interface PreparedFilm {
  /** `[1, side, side]`, 0 black to 1 white */
  readonly input: Tensor<'float32'>;
  /** Shades between its darkest and its brightest pixel, of 255. */
  readonly shades: number;
  /** Whether it is as like the training films as they are to each other. */
  readonly isUsual: boolean;
}

/** Below this there is noise, and no lung. */
const MIN_SHADES = 8;

/**
 * A film's bytes to the model's input.
 *
 * @throws ServiceError `medical-imaging.blank_film` without contrast, `.not_a_chest_film` when it is less like the mean
 *   film of the training than like its negative.
 */
export function preprocess({ pixels }: Pick<ReadFilm, 'pixels'>, settings: ClassifierInput): PreparedFilm {
  const { side, meanFilm, usualResemblance } = settings;
  const shades = Math.max(...pixels) - Math.min(...pixels);
  if (shades < MIN_SHADES) {
    throw new ServiceError(
      filmErrors.blank_film,
      'The film shows one shade only: it is blank, or its window is wrong.',
    );
  }
  const likeness = resemblance(pixels, meanFilm);
  // None of the 4,406 films of the data set is there.
  if (likeness < 0) {
    throw new ServiceError(
      filmErrors.not_a_chest_film,
      'The picture looks like no frontal chest film: send one, upright, with bones white and lungs dark.',
    );
  }
  return {
    input: tensor(
      'float32',
      [1, side, side],
      Float32Array.from(pixels, (pixel) => pixel / 255),
    ),
    shades,
    isUsual: likeness >= usualResemblance,
  };
}
