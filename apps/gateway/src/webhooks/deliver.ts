import { AddressDenied, type AddressGuard } from '@ganglion/service-kit/outbound/address-guard';
import { postGuarded } from '@ganglion/service-kit/outbound/post-guarded';
import type { DueDelivery, Settlement } from '../persistence/system/delivery-queue.js';
import type { Attempt } from '../persistence/webhook-delivery.entity.js';
import { retryDelayMs } from './retry-delay.js';
import { signedHeaders } from './sign.js';

export interface DeliveryTimes {
  readonly timeoutMs: number;
  readonly firstRetryMs: number;
}

const LONGEST_ERROR = 300;

/** Posts a delivery once, and says what follows from that. */
export async function deliver(
  delivery: DueDelivery,
  guard: AddressGuard,
  times: DeliveryTimes,
): Promise<Settlement> {
  const attempt = await post(delivery, guard, times.timeoutMs);
  const { status } = attempt;
  const isDelivered = status !== null && status >= 200 && status < 300;
  if (isDelivered) return { attempt, state: 'delivered', retryAfterMs: null, disable: null };
  if (status === 410) {
    return { attempt, state: 'failed', retryAfterMs: null, disable: 'The endpoint answered 410 Gone.' };
  }
  const retryAfterMs = retryDelayMs(delivery.attempts, times.firstRetryMs);
  if (retryAfterMs !== null) return { attempt, state: 'pending', retryAfterMs, disable: null };
  const disable = `A delivery failed ${delivery.attempts} times, over three days.`;
  return { attempt, state: 'failed', retryAfterMs, disable };
}

async function post(delivery: DueDelivery, guard: AddressGuard, timeoutMs: number): Promise<Attempt> {
  const { url, body, eventId: id, secret, previousSecret } = delivery;
  const started = performance.now();
  const at = new Date();
  const message = { id, body, timestampS: Math.floor(at.getTime() / 1_000) };
  const secrets = previousSecret === null ? [secret] : [secret, previousSecret];
  const end = (status: number | null, error: string | null): Attempt => {
    return { at: at.toISOString(), status, error, durationMs: Math.round(performance.now() - started) };
  };
  try {
    const headers = {
      ...signedHeaders(message, secrets),
      'content-type': 'application/json',
      'user-agent': 'Ganglion-Webhooks/1',
    };
    const status = await postGuarded(guard, { url, body, headers, timeoutMs });
    const isRedirect = status >= 300 && status < 400;
    return end(status, isRedirect ? 'Redirects are not followed.' : null);
  } catch (error) {
    return end(null, reasonOf(error));
  }
}

/** The error as its owner may see it: a code of the system's, but no address of this network. */
function reasonOf(error: unknown): string {
  if (error instanceof AddressDenied) return error.message.slice(0, LONGEST_ERROR);
  const { code, message } = error as NodeJS.ErrnoException;
  return (code ?? message).slice(0, LONGEST_ERROR);
}
