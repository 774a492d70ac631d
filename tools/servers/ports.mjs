import { createServer } from 'node:net';

/** Whether nobody listens on that port of this machine. */
export async function isPortFree(/** @type {number} */ port) {
  return (await listenOnce(port)) !== undefined;
}

/** A port that was free a moment ago; who uses it must still cope with its being taken. */
export async function freePort() {
  const port = await listenOnce(0);
  if (port === undefined) throw new Error('this machine gives no free port');
  return port;
}

/** @returns {Promise<number | undefined>} */
function listenOnce(/** @type {number} */ port) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      const taken = typeof address === 'object' && address ? address.port : undefined;
      server.close(() => resolve(taken));
    });
  });
}
