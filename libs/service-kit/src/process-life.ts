import { defineEnvironment } from './environment.js';
import type { Logger } from './logger.js';

/** What every process reads, gateway and services alike. */
export const processEnvironment = defineEnvironment({
  blobDir: {
    env: 'GANGLION_BLOB_DIR',
    type: 'string',
    default: '.ganglion/blobs',
    doc: 'Folder of the blob store; the gateway and every service must see the same.',
  },
  drainMs: {
    env: 'GANGLION_DRAIN_MS',
    type: 'integer',
    min: 0,
    default: 25_000,
    doc: 'How long a stopping process waits for the calls in flight, in milliseconds.',
  },
  maxInFlight: {
    env: 'GANGLION_MAX_IN_FLIGHT',
    type: 'integer',
    min: 1,
    default: 1_024,
    doc: 'Calls that one instance of a service answers at the same time; more are refused with 503, by itself and by a gateway that waits for that many of its answers.',
  },
});

/** Stops a process in good order on SIGTERM and SIGINT; further signals change nothing. */
export function stopWithProcess(stop: () => Promise<void>, logger: Logger): void {
  let isStopping = false;
  const onEnd = (signal: NodeJS.Signals): void => {
    if (isStopping) return;
    isStopping = true;
    logger.info({ signal }, 'Stopping');
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        logger.fatal({ err: error }, 'Could not stop in good order');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', onEnd);
  process.on('SIGINT', onEnd);
}
