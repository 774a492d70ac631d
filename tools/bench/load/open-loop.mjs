import { writeRequest } from './http-message.mjs';
import { runLoad } from './run-load.mjs';

/** More than what a gateway lets be in flight. */
const CONNECTIONS = 2_048;

/**
 * Sends requests at a rate of its own, by a Poisson process, whatever becomes of those before. What is refused by 503 and
 * what is answered are told apart, window by window; a request that finds none of the connections free is an error.
 *
 * @param {{
 *   url: string, ratePerSecond: number, seconds: number, windowSeconds: number, connections?: number,
 *   requests: readonly import('./http-message.mjs').HttpRequest[],
 * }} options
 * @returns {Promise<import('./open-loop.process.mjs').OpenLoopResult>}
 */
export function runOpenLoop(options) {
  const { url, ratePerSecond, seconds, windowSeconds, connections = CONNECTIONS, requests } = options;
  const { host, hostname, port } = new URL(url);
  const plan = {
    host: hostname,
    port: Number(port),
    requests: requests.map((request) => writeRequest(request, host)),
    connections,
    ratePerSecond,
    durationMs: seconds * 1_000,
    windowMs: windowSeconds * 1_000,
  };
  return runLoad('./open-loop.process.mjs', plan);
}
