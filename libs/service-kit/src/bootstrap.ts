import 'reflect-metadata';
import { createLogger } from './logger.js';
import { stopWithProcess } from './process-life.js';
import { startService, type ServiceDefinition } from './start-service.js';

/** The whole of a service's `main.ts`: starts it with the process's environment, and stops it with the process. */
export async function bootstrap(definition: ServiceDefinition): Promise<void> {
  try {
    const service = await startService(definition, process.env);
    stopWithProcess(() => service.stop(), service.kit.logger);
  } catch (error) {
    createLogger(definition.name, 'info').fatal(
      { err: error },
      `Could not start: ${String((error as Error).message)}`,
    );
    process.exitCode = 1;
    process.exit();
  }
}
