import type { TransactionTime } from './features.js';

const CLOCK = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):/;
/** Saturday and Sunday of `Date.getUTCDay()`. */
const WEEKEND = [6, 0];
const LAST_HOUR_OF_NIGHT = 6;

/**
 * Reads an ISO 8601 time with an offset. Weekend, and night (from 0:00 to 6:59), are those of its own clock.
 *
 * @source Le Borgne et al., "Reproducible Machine Learning for Credit Card Fraud Detection", section 3.3
 */
export function readTime(iso: string): TransactionTime {
  const [, year, month, day, hour] = (CLOCK.exec(iso) ?? []).map(Number);
  const weekday = new Date(Date.UTC(year ?? NaN, (month ?? NaN) - 1, day)).getUTCDay();
  return {
    atMs: Date.parse(iso),
    isWeekend: WEEKEND.includes(weekday),
    isNight: (hour ?? NaN) <= LAST_HOUR_OF_NIGHT,
  };
}
