import 'reflect-metadata';
import { createLogger } from '@ganglion/service-kit/logger';
import { stopWithProcess } from '@ganglion/service-kit/process-life';
import { startGateway } from './start-gateway.js';

try {
  const gateway = await startGateway(process.env);
  stopWithProcess(() => gateway.stop(), gateway.logger);
} catch (error) {
  createLogger('gateway', 'info').fatal(
    { err: error },
    `Could not start: ${String((error as Error).message)}`,
  );
  process.exit(1);
}
