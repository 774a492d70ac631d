import { z } from 'zod';
import { defineCapability } from '../../capability.js';

const probability = z.number().min(0).max(1);

/** Whether an English text speaks well or ill of its subject. */
export const sentiment = defineCapability({
  service: 'nlp',
  operation: 'sentiment',
  summary: 'Tells whether an English text is positive or negative, with calibrated probabilities.',
  description:
    'Trained on sentences of film reviews. A probability of 0.9 is right about nine times in ten on such ' +
    'sentences; the model card has the measured calibration. A text longer than the model reads at once is read in ' +
    'windows, and the answer says so in `warnings`, as it does of signs that the model does not know (emoji, other ' +
    'scripts). Not fit for other languages, for irony, or for judging people.',
  input: z.strictObject({
    text: z
      .string()
      .min(1)
      .max(20_000)
      .describe('English text, at most 20,000 characters. Must hold more than white space.'),
  }),
  output: z.strictObject({
    label: z.enum(['negative', 'positive']).describe('The more probable of the two.'),
    probabilities: z
      .strictObject({ negative: probability, positive: probability })
      .describe('Calibrated; they add up to 1.'),
  }),
  prediction: { ledger: 'async', retainInput: 'never', retainDays: 30, reviewable: true },
  maxItems: 256,
  retrySafe: true,
  examples: [
    {
      title: 'A satisfied guest',
      input: { text: 'The food was wonderful and the staff could not have been kinder.' },
      output: { label: 'positive', probabilities: { negative: 0.09, positive: 0.91 } },
    },
  ],
});
