import { ServiceError } from '@ganglion/contracts/errors';
import { Cron } from 'croner';

/**
 * The next time of a cron expression.
 *
 * @param expression Five fields, or a name such as `@daily`: no seconds, so that nothing fires more than once a minute.
 * @param timeZone Of the IANA database. A time that a change of clocks leaves out or repeats fires once.
 * @returns undefined when there is none.
 * @throws ServiceError `invalid_input`
 */
export function nextTime(expression: string, timeZone: string, after: Date): Date | undefined {
  refuseSeconds(expression);
  refuseUnknownZone(timeZone);
  try {
    const cron = new Cron(expression, { timezone: timeZone, paused: true, mode: '5-part' });
    return cron.nextRun(after) ?? undefined;
  } catch (cause) {
    const reason = String((cause as Error).message).replace(/^\w+: /, '');
    throw wrong('/cron', `is no cron expression: ${reason}`, cause);
  }
}

function refuseSeconds(expression: string): void {
  const fields = expression.trim().split(/\s+/).length;
  if (fields > 5) {
    throw wrong('/cron', 'has a field for seconds; a schedule fires at most once a minute, by five fields');
  }
}

function refuseUnknownZone(timeZone: string): void {
  try {
    new Intl.DateTimeFormat('en', { timeZone });
  } catch (cause) {
    throw wrong('/timeZone', 'is no time zone of the IANA database, such as Europe/Berlin', cause);
  }
}

export function wrong(pointer: string, detail: string, cause?: unknown): ServiceError {
  return new ServiceError('invalid_input', `${pointer} ${detail}.`, { errors: [{ pointer, detail }], cause });
}
