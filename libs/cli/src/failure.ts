import { GanglionError } from '@ganglion/client';

/** What the shell sees at the end. Ctrl-C ends the process by its signal, which a shell shows as 130. */
export const ExitCode = {
  ok: 0,
  /** The server refused the input, or failed. */
  failed: 1,
  /** The command line makes no sense, or a file cannot be read. */
  usage: 2,
  /** No answer of Ganglion's: nobody is there, nothing comes in time, or something else answers. */
  unreachable: 3,
  /** No key, a wrong one, or one that may not do this. */
  forbidden: 4,
} as const;

export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

/** The user can put it right before anything is sent: the message says how. */
export class UsageError extends Error {
  override readonly name = 'UsageError';

  constructor(
    message: string,
    readonly exitCode: ExitCode = ExitCode.usage,
  ) {
    super(message);
  }
}

/** One line for standard error, and the exit code. */
export function describeFailure(error: unknown): { readonly line: string; readonly exitCode: ExitCode } {
  if (error instanceof UsageError) return { line: `ganglion: ${error.message}`, exitCode: error.exitCode };
  if (error instanceof GanglionError) return { line: toLine(error), exitCode: exitCodeOf(error) };
  const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { line: `ganglion: this should not happen: ${reason}`, exitCode: ExitCode.failed };
}

const NO_ANSWER = ['network', 'timeout', 'unexpected_response'];

function exitCodeOf({ code, status }: GanglionError): ExitCode {
  if (status === 401 || status === 403) return ExitCode.forbidden;
  return NO_ANSWER.includes(code) ? ExitCode.unreachable : ExitCode.failed;
}

/** `code: detail`, then the places that the detail does not name by itself, and what to quote. */
function toLine({ code, detail, errors, requestId }: GanglionError): string {
  const places = errors
    .filter((place) => !detail.includes(place.detail))
    .map((place) => `${place.pointer || '/'} ${place.detail}`);
  const where = places.length === 0 ? '' : ` [${places.join('; ')}]`;
  const quote = requestId === undefined ? '' : ` (request ${requestId})`;
  return `${code}: ${detail}${where}${quote}`;
}
