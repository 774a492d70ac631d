/** An event as a webhook gets it: a CloudEvent. */
export interface WebhookEvent {
  readonly specversion: '1.0';
  /** The same however often it is delivered: whoever has seen it passes over it. */
  readonly id: string;
  readonly source: string;
  /** Such as `job.completed`. */
  readonly type: string;
  /** ISO 8601. */
  readonly time: string;
  readonly tenant: string;
  readonly data: unknown;
}

/** A webhook's message that was not sent by Ganglion, or is an old one sent again. */
export class WebhookVerificationError extends Error {
  override readonly name = 'WebhookVerificationError';
}

export interface VerifyWebhookOptions {
  /** How far the message's time may be from now; five minutes unless told otherwise. */
  readonly toleranceMs?: number;
  readonly now?: Date;
}

const TOLERANCE_MS = 300_000;

/**
 * Checks that a message comes from Ganglion and is not an old one, and reads it.
 *
 * @param body The body exactly as it came, before anything parsed it.
 * @param headers Of the request: `webhook-id`, `webhook-timestamp` and `webhook-signature`, in lower case.
 * @param secret `whsec_…` of the webhook.
 * @throws WebhookVerificationError
 * @source Standard Webhooks 1.0.0, "Verifying signatures"
 */
export async function verifyWebhook(
  body: string,
  headers: Readonly<Record<string, string | string[] | undefined>>,
  secret: string,
  { toleranceMs = TOLERANCE_MS, now = new Date() }: VerifyWebhookOptions = {},
): Promise<WebhookEvent> {
  const [id, timestamp, signatures] = ['id', 'timestamp', 'signature'].map(
    (name) => headers[`webhook-${name}`],
  );
  if (typeof id !== 'string' || typeof timestamp !== 'string' || typeof signatures !== 'string') {
    throw new WebhookVerificationError(
      'webhook-id, webhook-timestamp and webhook-signature must be there once.',
    );
  }
  const ageMs = now.getTime() - Number(timestamp) * 1_000;
  if (!(Math.abs(ageMs) <= toleranceMs)) {
    throw new WebhookVerificationError('The message is too old, or of the future: look at the clocks.');
  }
  const key = await importKey(secret);
  const signed = new TextEncoder().encode(`${id}.${timestamp}.${body}`);
  for (const signature of signatures.split(' ')) {
    const [version, digest = ''] = signature.split(',', 2);
    if (version === 'v1' && (await crypto.subtle.verify('HMAC', key, bytesOf(digest), signed))) {
      return JSON.parse(body) as WebhookEvent;
    }
  }
  throw new WebhookVerificationError('No signature fits: the secret is another, or the body was changed.');
}

function importKey(secret: string): ReturnType<typeof crypto.subtle.importKey> {
  const bytes = bytesOf(secret.replace(/^whsec_/, ''));
  if (bytes.length === 0) throw new WebhookVerificationError('The secret must be whsec_ and base64.');
  return crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['verify']);
}

/** @returns nothing for text that is no base64. */
function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  try {
    return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  } catch {
    return new Uint8Array();
  }
}
