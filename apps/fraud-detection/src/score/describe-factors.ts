import type { FACTOR_COLUMNS, FeatureSource, Windows, WindowTotal } from './features.js';

type Factor = keyof typeof FACTOR_COLUMNS;

const DELAYED = 'the 1, 7 and 30 days that ended a week before';

/** What was seen of each factor, as a sentence for a person who reviews. */
export function describeFactors(source: FeatureSource, windows: Windows): Record<Factor, string> {
  const { customer, terminal } = windows;
  const counts = (totals: readonly WindowTotal[]) => list(totals.map(({ count }) => String(count)));
  const { isWeekend, isNight } = source.time;
  return {
    amount: describeAmount(source.amount, customer.at(-1)),
    moment: `It was made ${isNight ? 'at night' : 'by day'} ${isWeekend ? 'on a weekend' : 'on a weekday'}.`,
    'customer-frequency': `The customer made ${counts(customer)} transactions in the last 1, 7 and 30 days.`,
    'customer-amounts': `The customer's mean amounts of the last 1, 7 and 30 days are ${list(
      customer.map(({ count, total }) => (count === 0 ? 'unknown' : money(total / count))),
    )}.`,
    'terminal-traffic': `The terminal had ${counts(terminal)} transactions in ${DELAYED}.`,
    'terminal-risk': `Of the terminal's transactions in ${DELAYED}, ${list(
      terminal.map(({ total }) => String(total)),
    )} were frauds.`,
  };
}

function describeAmount(amount: number, month: WindowTotal | undefined): string {
  if (month === undefined || month.total === 0) {
    return `The amount is ${money(amount)}; what the customer usually spends is not known.`;
  }
  const mean = month.total / month.count;
  return `The amount ${money(amount)} is ${(amount / mean).toFixed(1)} times the customer's 30-day mean of ${money(mean)}.`;
}

function list(parts: readonly string[]): string {
  return `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}

function money(value: number): string {
  return value.toFixed(2);
}
