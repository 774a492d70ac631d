import { FEATURES, type FeatureSource, type Windows } from './features.js';

/** How many entries of the histories were left out. */
export interface LeftOut {
  /** Of the customer's, the transaction itself. */
  readonly itself: number;
  readonly laterOfCustomer: number;
  readonly laterOfTerminal: number;
}

/** What was made of the input before the model saw it. */
export interface Changes {
  readonly source: FeatureSource;
  readonly windows: Windows;
  readonly leftOut: LeftOut;
  /** `[15]`, before it was kept within the training data. */
  readonly measured: Float32Array;
  /** `[15]`, after. */
  readonly features: Float32Array;
}

const NAMES: Readonly<Record<(typeof FEATURES)[number], string>> = {
  logAmount: 'amount',
  isWeekend: 'weekend flag',
  isNight: 'night flag',
  logCustomerCount1Day: "number of the customer's transactions of the last day",
  logCustomerCount7Days: "number of the customer's transactions of the last 7 days",
  logCustomerCount30Days: "number of the customer's transactions of the last 30 days",
  logCustomerMean1Day: "customer's mean amount of the last day",
  logCustomerMean7Days: "customer's mean amount of the last 7 days",
  logCustomerMean30Days: "customer's mean amount of the last 30 days",
  logTerminalCount1Day: "number of the terminal's transactions of a day, a week before,",
  logTerminalCount7Days: "number of the terminal's transactions of 7 days, a week before,",
  logTerminalCount30Days: "number of the terminal's transactions of 30 days, a week before,",
  terminalRisk1Day: "share of frauds of the terminal's transactions of a day, a week before,",
  terminalRisk7Days: "share of frauds of the terminal's transactions of 7 days, a week before,",
  terminalRisk30Days: "share of frauds of the terminal's transactions of 30 days, a week before,",
};

/** One sentence for everything that the caller may not expect. */
export function describeChanges(changes: Changes): string[] {
  return [...describeLeftOut(changes.leftOut), ...describeUnknown(changes), ...describeClamped(changes)];
}

function describeLeftOut({ itself, laterOfCustomer, laterOfTerminal }: LeftOut): string[] {
  const sentences: [number, string][] = [
    [itself, "of the customer's history: the same time and amount as the transaction itself"],
    [laterOfCustomer, "of the customer's history: later than the transaction"],
    [laterOfTerminal, "of the terminal's history: later than the transaction"],
  ];
  return sentences.flatMap(([count, which]) =>
    count === 0 ? [] : [`Left out ${count} ${count === 1 ? 'entry' : 'entries'} ${which}.`],
  );
}

function describeUnknown({ source, windows }: Changes): string[] {
  const warnings: string[] = [];
  if (windows.customer.at(-1)?.count === 0) {
    const usual = source.usualAmount.toFixed(2);
    warnings.push(
      `The customer is unknown: no transaction in the last 30 days. A mean amount of ${usual} was assumed.`,
    );
  }
  if (windows.terminal.at(-1)?.count === 0) {
    warnings.push(
      'The terminal is unknown: no transaction between 37 and 7 days ago. No frauds at it were assumed.',
    );
  }
  return warnings;
}

function describeClamped({ measured, features }: Changes): string[] {
  return FEATURES.flatMap((feature, column) => {
    const [was, is] = [measured[column] as number, features[column] as number];
    if (was === is) return [];
    const show = (value: number) => round(feature.startsWith('log') ? Math.expm1(value) : value);
    return [`The ${NAMES[feature]} is ${show(was)}, beyond the training data: it was scored as ${show(is)}.`];
  });
}

/** Two decimals, and six digits: features are float32, more would be made up. */
function round(value: number): number {
  return Number(Number(value.toPrecision(6)).toFixed(2));
}
