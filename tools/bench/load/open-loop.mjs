import { writeRequest } from './http-message.mjs';
import { runLoad } from './run-load.mjs';

/**
 * Sends requests at a rate of its own, by a Poisson process, whatever becomes of those before: on as many connections
 * as it takes. What is refused by 503 and what is answered are told apart, window by window.
 *
 * @param {{
 *   url: string, ratePerSecond: number, seconds: number, windowSeconds: number,
 *   requests: readonly import('./http-message.mjs').HttpRequest[],
 * }} options
 * @returns {Promise<import('./open-loop.process.mjs').OpenLoopResult>}
 */
export async function runOpenLoop({ url, ratePerSecond, seconds, windowSeconds, requests }) {
  const { host, hostname, port } = new URL(url);
  return runLoad('./open-loop.process.mjs', {
    host: hostname,
    port: Number(port),
    requests: requests.map((request) => writeRequest(request, host)),
    ratePerSecond,
    durationMs: seconds * 1_000,
    windowMs: windowSeconds * 1_000,
  });
}
