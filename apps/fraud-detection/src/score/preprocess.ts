import type { ParsedInputOf } from '@ganglion/contracts/capability';
import type { score } from '@ganglion/contracts/services/fraud-detection/score';
import { z } from 'zod';
import { describeChanges, type LeftOut } from './describe-changes.js';
import { FEATURES, measureWindows, toFeatures, type FeatureSource, type Windows } from './features.js';
import { readTime } from './read-time.js';

type Input = ParsedInputOf<typeof score>;

/** What the manifest's `preprocessing` holds. */
export const scorerInput = z.strictObject({
  usualAmount: z.number().min(0).describe('What an unknown customer is taken to spend at a time.'),
  ranges: z
    .array(z.tuple([z.number(), z.number()]))
    .length(FEATURES.length)
    .describe('The least and the most that each feature was in training.'),
  background: z
    .array(z.array(z.number()).length(FEATURES.length))
    .min(1)
    .describe('Features of ordinary transactions, which explanations compare with.'),
});

export type ScorerInput = z.output<typeof scorerInput>;

export interface PreparedTransaction {
  /** `[15]` float32, within the ranges of the training data. */
  readonly features: Float32Array;
  readonly source: FeatureSource;
  readonly windows: Windows;
  readonly warnings: readonly string[];
}

/** A transaction and its histories to the model's features, and what was changed by the way. */
export function preprocess(input: Input, settings: ScorerInput): PreparedTransaction {
  const { source, leftOut } = readSource(input, settings.usualAmount);
  const windows = measureWindows(source);
  const measured = toFeatures(source, windows);
  const features = measured.map((value, column) => {
    const [least, most] = settings.ranges[column] as [number, number];
    return Math.min(Math.max(value, least), most);
  });
  return {
    features,
    source,
    windows,
    warnings: describeChanges({ source, windows, leftOut, measured, features }),
  };
}

function readSource(input: Input, usualAmount: number): { source: FeatureSource; leftOut: LeftOut } {
  const { transaction } = input;
  const time = readTime(transaction.at);
  const isPast = ({ atMs }: { readonly atMs: number }) => atMs <= time.atMs;
  const customer = input.customer.history.map(({ at, amount }) => ({ atMs: Date.parse(at), amount }));
  const terminal = input.terminal.history.map(({ at, fraud }) => ({ atMs: Date.parse(at), fraud }));
  const pastOfCustomer = customer.filter(isPast);
  const pastOfTerminal = terminal.filter(isPast);
  const others = pastOfCustomer.filter(
    ({ atMs, amount }) => atMs !== time.atMs || amount !== transaction.amount,
  );
  return {
    source: { amount: transaction.amount, time, customer: others, terminal: pastOfTerminal, usualAmount },
    leftOut: {
      itself: pastOfCustomer.length - others.length,
      laterOfCustomer: customer.length - pastOfCustomer.length,
      laterOfTerminal: terminal.length - pastOfTerminal.length,
    },
  };
}
