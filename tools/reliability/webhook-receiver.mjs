import { once } from 'node:events';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';

const CREATED_WITHIN_MS = 120_000;
const STALLED_AFTER_MS = 150_000;

/**
 * Somebody who is told when jobs end, and counts: by event, of which each has an id, and by job.
 *
 * @typedef {Awaited<ReturnType<typeof openWebhookReceiver>>} WebhookReceiver
 *
 * @param {{ urls: string[], apiKey: string }} cluster that may send to this machine
 */
export async function openWebhookReceiver({ urls: [gateway], apiKey }) {
  // It is built by now, and was not when this file was read.
  const { verifyWebhook } = await import('@ganglion/client');
  /** By job, the ids of its events. @type {Map<string, Set<string>>} */
  const events = new Map();
  const seen = { deliveries: 0, forged: 0 };
  let secret = '';
  const server = createServer(async (request, response) => {
    try {
      const event = await verifyWebhook(await text(request), request.headers, secret);
      const { id } = /** @type {{ id: string }} */ (event.data);
      seen.deliveries += 1;
      events.set(id, (events.get(id) ?? new Set()).add(event.id));
    } catch {
      seen.forged += 1;
    }
    response.writeHead(204).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  secret = await subscribe(`${gateway}/v1/webhooks`, apiKey, `http://127.0.0.1:${port}/`);
  return {
    /** Waits until every job's end was told, or nothing has come for a long time. */
    async untilTold(/** @type {string[]} */ jobs) {
      let told = -1;
      for (let since = Date.now(); Date.now() - since < STALLED_AFTER_MS; await sleep(500)) {
        if (jobs.every((id) => events.has(id))) return;
        if (events.size !== told) since = Date.now();
        told = events.size;
      }
    },
    /**
     * `webhooksLost`: jobs whose end was never told; `webhooksDoubled`: jobs of which more than one event came, once those
     * of the same id are taken for one.
     */
    count(/** @type {string[]} */ jobs) {
      return {
        webhooks: seen.deliveries,
        webhooksLost: jobs.filter((id) => !events.has(id)).length + seen.forged,
        webhooksDoubled: [...events.values()].filter(({ size }) => size > 1).length,
      };
    },
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** @returns {Promise<string>} the webhook's secret */
async function subscribe(
  /** @type {string} */ address,
  /** @type {string} */ apiKey,
  /** @type {string} */ url,
) {
  const request = {
    method: 'POST',
    headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ url, events: ['job.completed', 'job.failed'] }),
  };
  for (const since = Date.now(); ; await sleep(200)) {
    const response = await fetch(address, request);
    const body = /** @type {any} */ (await response.json());
    if (response.ok) return body.secret;
    if (Date.now() - since > CREATED_WITHIN_MS) throw new Error(`No webhook: ${body.detail}`);
  }
}
