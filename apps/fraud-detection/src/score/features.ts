/** A moment of a card's life, read: {@link readTime}. */
export interface TransactionTime {
  /** Milliseconds since 1970, UTC. */
  readonly atMs: number;
  /** Of the clock where the transaction was made. */
  readonly isWeekend: boolean;
  readonly isNight: boolean;
}

export interface FeatureSource {
  readonly amount: number;
  readonly time: TransactionTime;
  /** The customer's transactions, none of them after `time`. */
  readonly customer: readonly { readonly atMs: number; readonly amount: number }[];
  /** The terminal's transactions, none of them after `time`. */
  readonly terminal: readonly { readonly atMs: number; readonly fraud: boolean }[];
  /** What an unknown customer is taken to spend at a time. */
  readonly usualAmount: number;
}

export const DAY_MS = 86_400_000;
export const WINDOWS_DAYS = [1, 7, 30] as const;
/** How long it takes until a fraud is known. */
export const DELAY_DAYS = 7;

/** The columns that the model takes, in their order. */
export const FEATURES = [
  'logAmount',
  'isWeekend',
  'isNight',
  'logCustomerCount1Day',
  'logCustomerCount7Days',
  'logCustomerCount30Days',
  'logCustomerMean1Day',
  'logCustomerMean7Days',
  'logCustomerMean30Days',
  'logTerminalCount1Day',
  'logTerminalCount7Days',
  'logTerminalCount30Days',
  'terminalRisk1Day',
  'terminalRisk7Days',
  'terminalRisk30Days',
] as const;

/** Columns of {@link FEATURES} that are explained together. */
export const FACTOR_COLUMNS = {
  amount: [0],
  moment: [1, 2],
  'customer-frequency': [3, 4, 5],
  'customer-amounts': [6, 7, 8],
  'terminal-traffic': [9, 10, 11],
  'terminal-risk': [12, 13, 14],
} as const;

/** What lies in a window of time: a number of entries and the sum of what is measured of each. */
export interface WindowTotal {
  readonly count: number;
  readonly total: number;
}

export interface Windows {
  readonly customer: readonly WindowTotal[];
  readonly terminal: readonly WindowTotal[];
}

/**
 * Counts and sums over the windows of 1, 7 and 30 days: the customer's amounts up to the transaction, and the terminal's
 * frauds up to 7 days before it.
 *
 * @source Le Borgne et al., "Reproducible Machine Learning for Credit Card Fraud Detection", section 3.3; but the
 *   transaction itself is in none of the windows.
 */
export function measureWindows({ time, customer, terminal }: FeatureSource): Windows {
  return {
    customer: totals(customer, time.atMs, ({ amount }) => amount),
    terminal: totals(terminal, time.atMs - DELAY_DAYS * DAY_MS, ({ fraud }) => (fraud ? 1 : 0)),
  };
}

/** The features of a transaction, `[15]` float32, as {@link FEATURES} names them. */
export function toFeatures(source: FeatureSource, windows: Windows): Float32Array {
  const { amount, time, usualAmount } = source;
  const { customer, terminal } = windows;
  return Float32Array.from([
    Math.log1p(amount),
    Number(time.isWeekend),
    Number(time.isNight),
    ...customer.map(({ count }) => Math.log1p(count)),
    ...customerMeans(customer, usualAmount).map(Math.log1p),
    ...terminal.map(({ count }) => Math.log1p(count)),
    ...terminal.map(({ count, total }) => (count === 0 ? 0 : total / count)),
  ]);
}

/** A window without transactions takes the mean of the next wider one; the widest, the usual amount. */
function customerMeans(windows: readonly WindowTotal[], usualAmount: number): number[] {
  return windows.reduceRight<number[]>((means, { count, total }) => {
    const wider = means[0] ?? usualAmount;
    return [count === 0 ? wider : total / count, ...means];
  }, []);
}

/** Over the entries after `endMs - days` up to and with `endMs`, for each window. */
function totals<Entry extends { readonly atMs: number }>(
  entries: readonly Entry[],
  endMs: number,
  measure: (entry: Entry) => number,
): WindowTotal[] {
  return WINDOWS_DAYS.map((days) => {
    const startMs = endMs - days * DAY_MS;
    let [count, total] = [0, 0];
    for (const entry of entries) {
      if (entry.atMs <= startMs || entry.atMs > endMs) continue;
      count += 1;
      total += measure(entry);
    }
    return { count, total };
  });
}
