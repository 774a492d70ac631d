import { pino, type Logger } from 'pino';
import { defineEnvironment } from './environment.js';

export type { Logger };

export const loggerEnvironment = defineEnvironment({
  logLevel: {
    env: 'GANGLION_LOG_LEVEL',
    type: 'enum',
    values: ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'],
    default: 'info',
    doc: 'What is logged, as JSON lines on standard output.',
  },
});

/** A logger of JSON lines. Log identifiers, never content: redaction cannot reach inside a message. */
export function createLogger(name: string, level: string): Logger {
  return pino({
    name,
    level,
    formatters: { level: (label) => ({ level: label }) },
    timestamp: pino.stdTimeFunctions.isoTime,
  });
}
