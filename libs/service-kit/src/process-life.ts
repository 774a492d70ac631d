import type { Logger } from './logger.js';

/**
 * Stops a process in good order on SIGTERM and SIGINT, and when the parent that started it with an IPC channel goes
 * away (`GANGLION_PARENT_WATCH=1`), so that nothing outlives `npm start`.
 */
export function stopWithProcess(stop: () => Promise<void>, logger: Logger): void {
  let isStopping = false;
  const onEnd = (reason: string): void => {
    if (isStopping) return;
    isStopping = true;
    logger.info({ reason }, 'Stopping');
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        logger.fatal({ err: error }, 'Could not stop in good order');
        process.exit(1);
      },
    );
  };
  process.once('SIGTERM', () => onEnd('SIGTERM'));
  process.once('SIGINT', () => onEnd('SIGINT'));
  if (process.env['GANGLION_PARENT_WATCH'] === '1')
    process.once('disconnect', () => onEnd('the parent has gone'));
}
