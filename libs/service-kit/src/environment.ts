/** A setting read from the environment, as a value: code, error messages and the docs derive from it. */
interface VariableBase {
  /** Name of the environment variable. */
  readonly env: string;
  /** One sentence for the person who sets it. */
  readonly doc: string;
}

interface TextVariable extends VariableBase {
  /** A `secret` is never shown or logged. */
  readonly type: 'string' | 'secret';
  /** `null`: may be missing. Left out: must be set. */
  readonly default?: string | null;
}

interface NumberVariable extends VariableBase {
  readonly type: 'integer' | 'number';
  readonly min?: number;
  readonly max?: number;
  readonly default?: number | null;
}

interface BooleanVariable extends VariableBase {
  readonly type: 'boolean';
  readonly default: boolean;
}

interface EnumVariable extends VariableBase {
  readonly type: 'enum';
  readonly values: readonly string[];
  readonly default: string;
}

interface ListVariable extends VariableBase {
  /** Comma-separated. */
  readonly type: 'list';
  readonly default: readonly string[];
}

export type Variable = TextVariable | NumberVariable | BooleanVariable | EnumVariable | ListVariable;

export type Environment = Readonly<Record<string, Variable>>;

type OrNull<V, T> = V extends { readonly default: null } ? T | null : T;

type ValueOf<V extends Variable> = V extends TextVariable
  ? OrNull<V, string>
  : V extends NumberVariable
    ? OrNull<V, number>
    : V extends BooleanVariable
      ? boolean
      : V extends EnumVariable
        ? V['values'][number]
        : readonly string[];

export type Settings<E extends Environment> = { readonly [K in keyof E]: ValueOf<E[K]> };

/** Declares settings; keeps their literal types. */
export function defineEnvironment<const E extends Environment>(environment: E): E {
  return environment;
}

/**
 * Reads and checks settings.
 *
 * @returns Typed and frozen.
 * @throws Error that lists every problem at once, naming variables but never the values of secrets.
 */
export function readEnvironment<E extends Environment>(
  environment: E,
  source: Readonly<Record<string, string | undefined>>,
): Settings<E> {
  const problems: string[] = [];
  const settings: Record<string, unknown> = {};
  for (const [key, variable] of Object.entries(environment)) {
    const text = source[variable.env]?.trim();
    const given = text !== undefined && text !== '';
    const parsed = given ? parse(variable, text) : fallback(variable);
    if (parsed instanceof Error) problems.push(`${variable.env} ${parsed.message}`);
    else settings[key] = parsed.value;
  }
  if (problems.length > 0) throw new Error(`Settings that do not fit:\n  ${problems.join('\n  ')}`);
  return Object.freeze(settings) as Settings<E>;
}

type Parsed = { readonly value: unknown } | Error;

function fallback(variable: Variable): Parsed {
  if (variable.default === undefined) return new Error(`must be set: ${variable.doc}`);
  return { value: variable.default };
}

function parse(variable: Variable, text: string): Parsed {
  switch (variable.type) {
    case 'string':
    case 'secret':
      return { value: text };
    case 'integer':
    case 'number':
      return parseNumber(variable, text);
    case 'boolean':
      if (!/^(true|false|1|0)$/i.test(text)) return new Error(`must be true or false, not "${text}"`);
      return { value: /^(true|1)$/i.test(text) };
    case 'enum':
      if (!variable.values.includes(text)) {
        return new Error(`must be one of ${variable.values.join(', ')}, not "${text}"`);
      }
      return { value: text };
    case 'list':
      return {
        value: text
          .split(',')
          .map((item) => item.trim())
          .filter((item) => item !== ''),
      };
  }
}

function parseNumber(variable: NumberVariable, text: string): Parsed {
  const { type, min = -Infinity, max = Infinity } = variable;
  const value = Number(text);
  const fits = Number.isFinite(value) && value >= min && value <= max;
  if (!fits || (type === 'integer' && !Number.isInteger(value))) {
    const noun = type === 'integer' ? 'a whole number' : 'a number';
    return new Error(`must be ${noun} from ${min} to ${max}, not "${text}"`);
  }
  return { value };
}
