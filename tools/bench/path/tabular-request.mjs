/** Where the bench's own service answers. */
export const TABULAR_PATH = '/v1/bench/tabular';

const FEATURES = Array.from({ length: 30 }, (_, index) => Number(Math.sin(index).toFixed(4)));

/**
 * A call of the bench's own service, or of the echo with the same bytes.
 *
 * @param {string} path
 * @param {string} authorization
 * @returns {import('../load/http-message.mjs').HttpRequest}
 */
export function tabularRequest(path, authorization) {
  return {
    method: 'POST',
    path,
    headers: { 'content-type': 'application/json', authorization },
    body: Buffer.from(JSON.stringify({ features: FEATURES })),
  };
}
