import type { Logger } from './logger.js';

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
