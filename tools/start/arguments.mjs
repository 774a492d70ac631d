import { parseArgs } from 'node:util';
import { SetupError } from '../servers/setup-error.mjs';
import { startEnvironment } from './environment.mjs';

export const HELP = `npm start -- [options]

Installs, builds, brings up NATS and PostgreSQL, pulls the models, starts every service, sends a sample through
each, and serves until Ctrl-C.

  --once             end after the samples; the exit code is not 0 when an answer is missing or wrong
  --only a,b         only these services (gateway and control-plane always run)
  --scale nlp=2      that many processes of a service; more with a comma
  --watch nlp        build and restart that service when its source or its libraries change, with an inspector
  --reset            delete databases, keys and logs; alone it ends there, with other options it starts afresh
  --help             this text

${Object.values(startEnvironment).map(helpLine).join('\n')}
`;

function helpLine(
  /** @type {{ env: string, doc: string, default: string | number | boolean | null }} */ {
    env,
    doc,
    ...variable
  },
) {
  const shown = variable.default === null || variable.default === false ? '' : ` (${variable.default})`;
  return `  ${env.padEnd(23)}${doc}${shown}`;
}

/** Run anyway: nothing is served without them. */
export const ALWAYS = ['gateway', 'control-plane'];

/**
 * @typedef {{
 *   help: boolean, once: boolean, reset: boolean, resetOnly: boolean,
 *   only: string[] | undefined, watch: string[], scale: Record<string, number>,
 * }} Arguments
 */

/**
 * Reads the command line.
 *
 * @param {string[]} args
 * @returns {Arguments}
 * @throws SetupError when an option is unknown or its value makes no sense
 */
export function parseArguments(args) {
  const { help, once, reset, only, scale, watch } = parse(args);
  return {
    help: help ?? false,
    once: once ?? false,
    reset: reset ?? false,
    resetOnly: (reset ?? false) && args.length === 1,
    only: only && names(only),
    watch: names(watch ?? []),
    scale: Object.fromEntries(names(scale ?? []).map(readScale)),
  };
}

function parse(/** @type {string[]} */ args) {
  try {
    const { values } = parseArgs({
      args,
      options: {
        help: { type: 'boolean', short: 'h' },
        once: { type: 'boolean' },
        reset: { type: 'boolean' },
        only: { type: 'string', multiple: true },
        scale: { type: 'string', multiple: true },
        watch: { type: 'string', multiple: true },
      },
    });
    return values;
  } catch (error) {
    throw new SetupError(`${error instanceof Error ? error.message : error}: see npm start -- --help.`);
  }
}

/** `['a,b', 'c']` -> `['a', 'b', 'c']`. */
function names(/** @type {string[]} */ values) {
  return values.flatMap((value) => value.split(',')).map((name) => name.trim());
}

/** @returns {[string, number]} */
function readScale(/** @type {string} */ text) {
  const [, name, count] = /^([\w-]+)=([1-9]\d?)$/.exec(text) ?? [];
  if (!name || !count)
    throw new SetupError(`--scale ${text}: write it as nlp=2, with a number from 1 to 99.`);
  if (name === 'gateway' && count !== '1') throw new SetupError('--scale gateway: one port, so one gateway.');
  return [name, Number(count)];
}
