import { z } from 'zod';
import { defineCapability } from '../../capability.js';

const MOST_ENTRIES = 5_000;

const amount = z.number().min(0).max(1_000_000);
const at = z.iso
  .datetime({ offset: true })
  .describe('ISO 8601 with an offset, such as `2026-05-23T03:12:00+02:00`.');

/** What a reason may be about: features that are moved together. */
export const FRAUD_FACTORS = [
  'amount',
  'moment',
  'customer-frequency',
  'customer-amounts',
  'terminal-traffic',
  'terminal-risk',
] as const;

const reason = z.strictObject({
  factor: z.enum(FRAUD_FACTORS),
  contribution: z
    .number()
    .describe(
      'How much it moved the log-odds of fraud; above 0 towards fraud. All of them and `baseLogOdds` add up to `logOdds`.',
    ),
  sentence: z.string().describe('What was seen, in English.'),
});

/** How likely a card transaction is a fraud, and why. */
export const score = defineCapability({
  service: 'fraud-detection',
  operation: 'score',
  summary: 'Gives the probability that a card transaction is a fraud, and what moved it most.',
  description:
    "Send the transaction, the customer's earlier transactions of the last 30 days, and those at the same terminal of " +
    'the last 37 days with what is known of them today: frauds of the last 7 days count as not known yet, as they are in ' +
    'practice. Older entries change nothing; later ones are left out, and `warnings` says so. Weekend and night are ' +
    "read from the transaction's own clock, so send its local offset. The reasons are exact Shapley values over six " +
    'groups of features. The model was trained on simulated transactions (Fraud Detection Handbook), not on real ones: ' +
    'it shows how the service works, and must be trained on your own data before it decides about a payment.',
  input: z.strictObject({
    transaction: z.strictObject({
      amount: amount.describe(
        'In the one currency of all amounts; the model saw amounts up to about 1,067, mostly below 200.',
      ),
      at,
    }),
    customer: z.strictObject({
      history: z
        .array(z.strictObject({ at, amount }))
        .max(MOST_ENTRIES)
        .describe("The customer's earlier transactions in any order, without this one. May be empty."),
    }),
    terminal: z.strictObject({
      history: z
        .array(
          z.strictObject({ at, fraud: z.boolean().describe('Whether it has turned out to be a fraud.') }),
        )
        .max(MOST_ENTRIES)
        .describe('Earlier transactions of any customer at this terminal, without this one. May be empty.'),
    }),
  }),
  output: z.strictObject({
    probability: z.number().min(0).max(1).describe('Of fraud.'),
    logOdds: z.number().describe('ln(probability / (1 - probability)).'),
    baseLogOdds: z.number().describe('The mean log-odds over the background: ordinary transactions.'),
    reasons: z.array(reason).describe('All six, that which moved the log-odds most first.'),
  }),
  prediction: { ledger: 'before-answer', retainInput: 'never', retainDays: 365, reviewable: true },
  maxItems: 256,
  retrySafe: true,
  examples: [
    {
      title: 'An everyday amount at a terminal where frauds were found',
      input: {
        transaction: { amount: 61.3, at: '2026-05-23T14:12:00+02:00' },
        customer: {
          history: [
            { at: '2026-05-20T18:40:00+02:00', amount: 48.9 },
            { at: '2026-05-11T12:05:00+02:00', amount: 57.2 },
          ],
        },
        terminal: {
          history: [
            { at: '2026-04-24T10:20:00+02:00', fraud: false },
            { at: '2026-04-29T16:45:00+02:00', fraud: false },
            { at: '2026-05-04T17:30:00+02:00', fraud: false },
            { at: '2026-05-12T09:15:00+02:00', fraud: true },
            { at: '2026-05-14T11:02:00+02:00', fraud: true },
          ],
        },
      },
      output: {
        probability: 0.997,
        logOdds: 5.795,
        baseLogOdds: -5.546,
        reasons: [
          {
            factor: 'terminal-risk',
            contribution: 12.48,
            sentence:
              "Of the terminal's transactions in the 1, 7 and 30 days that ended a week before, 0, 2 and 2 were frauds.",
          },
          {
            factor: 'terminal-traffic',
            contribution: -1.27,
            sentence:
              'The terminal had 0, 2 and 5 transactions in the 1, 7 and 30 days that ended a week before.',
          },
          {
            factor: 'customer-frequency',
            contribution: 0.329,
            sentence: 'The customer made 0, 1 and 2 transactions in the last 1, 7 and 30 days.',
          },
          { factor: 'moment', contribution: -0.173, sentence: 'It was made by day on a weekend.' },
          {
            factor: 'customer-amounts',
            contribution: -0.125,
            sentence:
              "The customer's mean amounts of the last 1, 7 and 30 days are unknown, 48.90 and 53.05.",
          },
          {
            factor: 'amount',
            contribution: 0.1,
            sentence: "The amount 61.30 is 1.2 times the customer's 30-day mean of 53.05.",
          },
        ],
      },
    },
  ],
});
