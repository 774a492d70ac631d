import { UsageError } from '../failure.js';
import { didYouMean } from '../nearest-names.js';
import { spoken, type Operation, type Service } from './operation.js';

/** What the first words of a command line name. */
export type Command =
  | { readonly kind: 'service'; readonly service: Service }
  /** `wordCount`: how many words it took to name it; arguments follow. */
  | { readonly kind: 'operation'; readonly operation: Operation; readonly wordCount: number };

/** Nouns of administration: as the first word of a bare operation they mean the control plane's, and no other's. */
const ADMINISTRATION = {
  service: 'control-plane',
  nouns: ['models', 'jobs', 'keys', 'predictions', 'services', 'doctor'],
};

/**
 * Finds `<service> <operation>`, the service alone, or the bare operation while only one service has it. An operation
 * with parts is written with spaces or dots: `keys list`, `keys.list`.
 *
 * @throws UsageError with the nearest names, or the services that share a bare operation
 */
export function findCommand(services: readonly Service[], words: readonly string[]): Command {
  const [first = '', ...rest] = words;
  const service = services.find(({ name }) => name === first);
  if (service === undefined) return findBare(services, words);
  const named = longestMatches(service.operations, rest)[0];
  if (named !== undefined) return { ...named, wordCount: named.wordCount + 1 };
  if (rest[0] === undefined) return { kind: 'service', service };
  throw unknownOperation(service, rest);
}

function findBare(services: readonly Service[], words: readonly string[]): Command {
  const [first = ''] = words;
  const noun = first.split('.')[0] ?? first;
  const owners = ADMINISTRATION.nouns.includes(noun)
    ? services.filter(({ name }) => name === ADMINISTRATION.service)
    : services;
  const matches = longestMatches(
    owners.flatMap(({ operations }) => operations),
    words,
  );
  const [match, ...others] = matches;
  if (match === undefined) throw unknownCommand(services, owners, words);
  if (others.length === 0) return match;
  const ways = matches.map(({ operation }) => `${operation.service} ${spoken(operation)}`);
  throw new UsageError(`"${first}" is an operation of several services: write ${ways.join(' or ')}.`);
}

type Match = Extract<Command, { kind: 'operation' }>;

/** The operations that the first words name, in as many words as possible: `faces detect` before `faces`. */
function longestMatches(operations: readonly Operation[], words: readonly string[]): Match[] {
  const matches = operations.flatMap((operation): Match[] => {
    const wordCount = countWords(operation.name, words);
    return wordCount === undefined ? [] : [{ kind: 'operation', operation, wordCount }];
  });
  const longest = Math.max(...matches.map(({ operation }) => operation.name.length));
  return matches.filter(({ operation }) => operation.name.length === longest);
}

function countWords(name: string, words: readonly string[]): number | undefined {
  if (words[0] === name) return 1;
  const parts = name.split('.');
  return parts.every((part, index) => words[index] === part) ? parts.length : undefined;
}

function unknownOperation({ name, operations }: Service, words: readonly string[]): UsageError {
  const names = operations.map(spoken);
  const written = words[0] ?? '';
  const meant = didYouMean(written, names) || didYouMean(words.slice(0, 2).join(' '), names);
  return new UsageError(`${name} has no operation "${written}".${meant} It has: ${names.join(', ')}.`);
}

function unknownCommand(
  services: readonly Service[],
  owners: readonly Service[],
  words: readonly string[],
): UsageError {
  const [first = ''] = words;
  const isNoun = ADMINISTRATION.nouns.includes(first);
  const ofNoun = owners
    .flatMap(({ operations }) => operations.map(spoken))
    .filter((name) => name.startsWith(`${first} `));
  if (isNoun && ofNoun.length > 0) {
    return new UsageError(`write what to do with ${first}: ${ofNoun.join(', ')}.`);
  }
  if (isNoun)
    return new UsageError(`"${first}" is kept for administration, and this server has no such command.`);
  const bare = services.flatMap(({ operations }) => operations.map(spoken));
  const meant = didYouMean(first, [...services.map(({ name }) => name), ...bare]);
  const names = services.map(({ name }) => name).join(', ');
  return new UsageError(`there is no service or operation "${first}".${meant} Services: ${names}.`);
}
