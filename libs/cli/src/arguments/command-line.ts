import { parseArgs, type ParseArgsConfig } from 'node:util';
import { UsageError } from '../failure.js';
import { didYouMean } from '../nearest-names.js';

/** Options of every command. They come before a field of the same name, which `--input` still reaches. */
export const GLOBAL_OPTIONS = {
  url: { type: 'string' },
  key: { type: 'string' },
  input: { type: 'string' },
  json: { type: 'boolean' },
  timeout: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean' },
} as const;

export interface GlobalOptions {
  readonly url: string | undefined;
  readonly key: string | undefined;
  /** File of the whole input; `-` is standard input. */
  readonly input: string | undefined;
  readonly json: boolean;
  readonly timeoutMs: number;
  readonly help: boolean;
  readonly version: boolean;
}

export interface CommandLine {
  readonly options: GlobalOptions;
  /** What comes before the first option that only the operation knows: its name is among them. */
  readonly words: readonly string[];
}

/** Longer than any operation may take: the server's own deadlines decide. */
const DEFAULT_TIMEOUT_SECONDS = 600;
const LONGEST_TIMEOUT_SECONDS = 86_400;

/**
 * Reads what can be read before the operation is known.
 *
 * @throws UsageError
 */
export function readCommandLine(args: readonly string[]): CommandLine {
  const words: string[] = [];
  const given = new Map<string, string | undefined>();
  let areWords = true;
  for (const token of readTokens(args, GLOBAL_OPTIONS)) {
    if (token.kind === 'positional' && areWords) words.push(token.value);
    if (token.kind === 'option-terminator') areWords = false;
    if (token.kind !== 'option') continue;
    if (Object.hasOwn(GLOBAL_OPTIONS, token.name)) given.set(token.name, checkGlobal(token));
    else if (words.length === 0) throw unknownOption(token.rawName, []);
    else areWords = false;
  }
  return { options: toOptions(given), words };
}

/** The parts of a command line, each of which the caller judges. */
export function readTokens(args: readonly string[], options: NonNullable<ParseArgsConfig['options']>) {
  return parseArgs({ args: [...args], options, strict: false, allowPositionals: true, tokens: true }).tokens;
}

/** An option as it was written. */
export type OptionToken = Extract<ReturnType<typeof readTokens>[number], { kind: 'option' }>;

function checkGlobal({ name, rawName, value }: OptionToken): string | undefined {
  const { type } = GLOBAL_OPTIONS[name as keyof typeof GLOBAL_OPTIONS];
  if (type === 'string' && !value) throw new UsageError(`${rawName} needs a value.`);
  if (type === 'boolean' && value !== undefined) throw new UsageError(`${rawName} takes no value.`);
  return value;
}

function toOptions(given: ReadonlyMap<string, string | undefined>): GlobalOptions {
  return {
    url: given.get('url'),
    key: given.get('key'),
    input: given.get('input'),
    json: given.has('json'),
    timeoutMs: readTimeout(given.get('timeout')),
    help: given.has('help'),
    version: given.has('version'),
  };
}

function readTimeout(text: string | undefined): number {
  const seconds = text === undefined ? DEFAULT_TIMEOUT_SECONDS : Number(text);
  if (seconds > 0 && seconds <= LONGEST_TIMEOUT_SECONDS) return seconds * 1_000;
  throw new UsageError(`--timeout takes seconds, up to ${LONGEST_TIMEOUT_SECONDS}, not "${text}".`);
}

/** @param names Options that the operation takes, as they are typed. */
export function unknownOption(rawName: string, names: readonly string[]): UsageError {
  const globals = Object.keys(GLOBAL_OPTIONS).map((name) => `--${name}`);
  const taken = [...names, ...globals];
  const dash = rawName.startsWith('--') ? '' : ' Text that starts with a dash comes after --.';
  const meant = didYouMean(rawName, taken);
  return new UsageError(`there is no option ${rawName}.${meant}${dash} Taken are: ${taken.join(', ')}.`);
}
