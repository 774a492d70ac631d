import { z } from 'zod';
import { defineCapability } from '../../capability.js';
import { defineErrors } from '../../errors.js';
import { media } from '../../media.js';

export const filmErrors = defineErrors('medical-imaging', {
  damaged_film: { status: 422, title: 'The film could not be decoded', retryable: false },
  unsupported_film: { status: 422, title: 'The film is stored in a way that is not read', retryable: false },
  no_picture: { status: 422, title: 'The DICOM file holds no picture', retryable: false },
  not_a_chest_film: { status: 422, title: 'This is no frontal chest film', retryable: false },
  too_many_pixels: { status: 413, title: 'The film has too many pixels', retryable: false },
  film_too_small: { status: 422, title: 'The film is too small', retryable: false },
  blank_film: { status: 422, title: 'The film shows nothing', retryable: false },
});

const probability = z.number().min(0).max(1);
const code = z.string().regex(/^[A-Z0-9_ ]{1,16}$/);

/** What a frontal chest film shows, for a clinician to review. */
export const classify = defineCapability({
  service: 'medical-imaging',
  operation: 'classify',
  summary: 'Gives the probability of pneumonia on a frontal chest X-ray, for a clinician to review.',
  description:
    'Takes a DICOM file (CR or DX; uncompressed, deflated, RLE, JPEG Baseline or JPEG 2000), a PNG or a JPEG, told by ' +
    "its bytes. A DICOM file is shown as its maker meant it (modality table, window, MONOCHROME1 turned round); nothing of its patient's data " +
    'is read, kept or answered. The film is cut to its middle square and resized to 28 x 28 pixels, as the model was ' +
    'trained: on 28 x 28 films of children of one to five years from one hospital in Guangzhou, China. So it sees no ' +
    'detail, and knows no adults. **It is no medical device, and no diagnosis**: every answer is to be reviewed by a ' +
    'radiologist or the treating physician. The probability holds at the `prevalence` that is said: on the films it was ' +
    'trained on 74 % show pneumonia, in most places far fewer do.',
  input: z.strictObject({
    film: media({ types: ['application/dicom', 'image/png', 'image/jpeg'], maxBytes: 50_000_000 }).describe(
      'A frontal chest film as DICOM, PNG or JPEG: at most 50 MB and 32 million pixels, each side 28 pixels or more.',
    ),
    prevalence: z
      .number()
      .min(0.001)
      .max(0.999)
      .optional()
      .describe(
        'The share of such films that show pneumonia where you work, before this one is looked at (pre-test probability). ' +
          'It moves `probability` and `threshold` alike, so never what is called positive.',
      ),
  }),
  output: z.strictObject({
    findings: z
      .array(
        z.strictObject({
          label: z.enum(['pneumonia']),
          probability: probability.describe('Calibrated, at the prevalence below.'),
          threshold: probability.describe('The operating point that the model card measures.'),
          positive: z.boolean().describe('Whether the probability reaches the threshold.'),
        }),
      )
      .describe('One for each finding that the model knows, whether the film shows it or not.'),
    prevalence: probability.describe('What the probability assumes: yours, or that of the training data.'),
    reviewRequired: z.literal(true).describe('No answer of this model stands on its own.'),
    review: z.strictObject({
      by: z.string().describe('Who is to review it.'),
      reason: z.string().describe('Why.'),
    }),
    film: z
      .strictObject({
        format: z.enum(['dicom', 'png', 'jpeg']),
        width: z.int().min(1),
        height: z.int().min(1),
        modality: code.optional().describe('As the DICOM file has it, such as `DX`.'),
        bodyPart: code.optional().describe('As the DICOM file has it, such as `CHEST`.'),
        view: code.optional().describe('As the DICOM file has it, such as `PA`.'),
      })
      .describe('What was read; sizes in pixels of the upright film.'),
  }),
  prediction: { ledger: 'before-answer', retainInput: 'never', retainDays: 365, reviewable: true },
  maxItems: 16,
  errors: Object.values(filmErrors),
  deadlineMs: 60_000,
  retrySafe: true,
});
