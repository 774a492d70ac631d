import { z } from 'zod';
import { defineCapability } from '../../capability.js';
import { defineErrors } from '../../errors.js';
import { media } from '../../media.js';

export const imageErrors = defineErrors('image-recognition', {
  damaged_image: { status: 422, title: 'The picture could not be decoded', retryable: false },
  too_many_pixels: { status: 413, title: 'The picture has too many pixels', retryable: false },
  image_too_small: { status: 422, title: 'The picture is too small', retryable: false },
});

const pixels = z.number().min(0);

/** Which everyday objects a picture shows, and where. */
export const detect = defineCapability({
  service: 'image-recognition',
  operation: 'detect',
  summary: 'Finds everyday objects of 80 kinds in a picture, each with a box and a score.',
  description:
    'The 80 kinds are those of COCO: people, animals, vehicles, furniture, food, household things. Boxes are in pixels ' +
    'of the upright picture: EXIF orientation is applied before anything is looked for, and `warnings` says so. The ' +
    'score tells how sure the model is; it is no probability. The model looks at the picture shrunk to 416 pixels, so ' +
    'small things in large pictures are missed: send a part of the picture then. Not fit for telling people apart, ' +
    'nor for decisions about safety.',
  input: z.strictObject({
    image: media({ types: ['image/jpeg', 'image/png', 'image/webp'], maxBytes: 20_000_000 }).describe(
      'JPEG, PNG or WebP, at most 20 MB and 64 million pixels, each side 16 pixels or more.',
    ),
    minScore: z
      .number()
      .min(0.01)
      .max(1)
      .default(0.4)
      .describe(
        'Objects that score less are left out. 0.4 gave the best balance of found and false on photos.',
      ),
    maxObjects: z.int().min(1).max(300).default(100).describe('The most objects, the best ones first.'),
    labels: z
      .array(z.string().min(1).max(50))
      .min(1)
      .max(80)
      .optional()
      .describe('Only objects of these kinds, such as `["person", "dog"]`.'),
  }),
  output: z.strictObject({
    objects: z
      .array(
        z.strictObject({
          label: z.string(),
          score: z.number().min(0).max(1),
          box: z
            .strictObject({ x: pixels, y: pixels, width: pixels, height: pixels })
            .describe('Left, top, width and height, in pixels of the upright picture.'),
        }),
      )
      .describe('The best first.'),
    image: z
      .strictObject({ width: z.int().min(1), height: z.int().min(1) })
      .describe('Size of the upright picture, in pixels.'),
  }),
  prediction: { ledger: 'async', retainInput: 'never', retainDays: 30, reviewable: true },
  maxItems: 16,
  errors: Object.values(imageErrors),
  retrySafe: true,
});
