import { announceEndpoint, withdrawEndpoint } from './state.mjs';

const LOOK_EVERY_MS = 1_000;

/**
 * Keeps `endpoint.json` true: there while the gateway and every service answer, gone when one does not.
 *
 * @param {import('./stack.mjs').Stack} stack
 * @param {string} folder
 * @returns {Promise<() => Promise<void>>} withdraws it for good
 */
export async function keepEndpoint(stack, folder) {
  const endpoint = { url: stack.url, apiKey: stack.settings.bootstrapKey };
  await announceEndpoint(folder, endpoint);
  let isAnnounced = true;
  const look = async () => {
    const isReady = (await stack.missing({ everyProcess: false })).length === 0;
    if (isReady === isAnnounced) return;
    await (isReady ? announceEndpoint(folder, endpoint) : withdrawEndpoint(folder));
    isAnnounced = isReady;
  };
  let looking = Promise.resolve();
  const timer = setInterval(() => (looking = looking.then(look)), LOOK_EVERY_MS);
  return async () => {
    clearInterval(timer);
    await looking;
    await withdrawEndpoint(folder);
  };
}
