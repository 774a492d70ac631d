import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { ServiceError } from '@ganglion/contracts/errors';
import { takesMediaType } from '@ganglion/contracts/media';
import type { InputContract } from './compile-input.js';
import { addField, parseQuery } from './coerce-parameters.js';
import type { Intake } from './intake.js';
import { parseJson } from './parse-json.js';
import { checkContentLength, readBody } from './read-body.js';
import { readMultipart } from './read-multipart.js';
import { receiveMedia } from './receive-media.js';

/** An HTTP request as the router left it. */
export interface RoutedRequest {
  readonly message: IncomingMessage;
  /** Decoded path parameters. */
  readonly parameters: Readonly<Record<string, string>>;
  /** The query string, without its question mark. */
  readonly query: string;
}

/**
 * Makes the input of path, query string and body. It is not validated yet.
 *
 * @throws ServiceError `malformed_request`, `invalid_encoding`, `payload_too_large`, `unsupported_media_type`, or
 *   `invalid_input` when a field is given in two places.
 */
export async function readInput(
  request: RoutedRequest,
  contract: InputContract,
  intake: Intake,
): Promise<unknown> {
  const body = hasBody(request.message) ? await readByType(request.message, contract, intake) : undefined;
  const parameters = readParameters(request, contract);
  if (parameters === undefined) return body ?? {};
  return body === undefined ? parameters : merge(body, parameters);
}

function hasBody({ headers }: IncomingMessage): boolean {
  const length = headers['content-length'];
  return headers['transfer-encoding'] !== undefined || (length !== undefined && length !== '0');
}

function readParameters({ parameters, query }: RoutedRequest, { fields }: InputContract) {
  const names = Object.keys(parameters);
  if (names.length === 0 && query === '') return undefined;
  const input = parseQuery(query, fields);
  for (const name of names) addField(input, name, parameters[name] ?? '', fields);
  return input;
}

function merge(body: unknown, parameters: Readonly<Record<string, unknown>>): unknown {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return body;
  for (const name of Object.keys(parameters)) {
    if (!Object.hasOwn(body, name)) continue;
    throw new ServiceError(
      'invalid_input',
      `"${name}" is given in the body and in the path or query string.`,
      {
        errors: [{ pointer: `/${name}`, detail: 'is given twice' }],
      },
    );
  }
  return { ...body, ...parameters };
}

async function readByType(
  message: IncomingMessage,
  contract: InputContract,
  intake: Intake,
): Promise<unknown> {
  const [essence = '', ...options] = (message.headers['content-type'] ?? '').toLowerCase().split(';');
  const type = essence.trim();
  if (type === 'application/json') {
    checkCharset(options);
    checkContentLength(message, intake.maxJsonBytes);
    return parseJson(await readBody(message, intake.maxJsonBytes));
  }
  if (type === 'multipart/form-data') return readForm(message, contract, intake);
  const [field] = contract.mediaFields;
  if (contract.mediaFields.size === 1 && field !== undefined && takesMediaType(field[1], type)) {
    const [name, limits] = field;
    checkContentLength(message, limits.maxBytes);
    return { [name]: await receiveMedia(message, type, limits, intake) };
  }
  throw unsupported(type, contract);
}

/** @source RFC 8259, section 8.1: JSON is UTF-8. */
function checkCharset(options: readonly string[]): void {
  const other = options.find(
    (option) => /^\s*charset\s*=/.test(option) && !/=\s*"?(utf-?8|us-ascii)"?\s*$/.test(option),
  );
  if (other !== undefined)
    throw new ServiceError('unsupported_media_type', `JSON must be UTF-8, not${other}.`);
}

/** Media fields are parts of their name; all other fields stand in a JSON part `input`, or are parts of text. */
async function readForm(message: IncomingMessage, contract: InputContract, intake: Intake): Promise<unknown> {
  const { fields, mediaFields } = contract;
  const texts: Record<string, unknown> = {};
  const media: Record<string, unknown> = {};
  let json: unknown;
  await readMultipart(message, async ({ name, type, stream }) => {
    const limits = mediaFields.get(name);
    if (limits !== undefined) {
      media[name] = await receiveMedia(stream, type, limits, intake);
      return;
    }
    const bytes = await readBody(stream, intake.maxJsonBytes);
    if (name === 'input' && !Object.hasOwn(fields, name)) json = parseJson(bytes);
    else addField(texts, name, toText(bytes, name), fields);
  });
  return json === undefined ? { ...texts, ...media } : merge(json, { ...texts, ...media });
}

function toText(bytes: Buffer, part: string): string {
  if (!isUtf8(bytes)) throw new ServiceError('invalid_encoding', `The part "${part}" is not valid UTF-8.`);
  return bytes.toString('utf8');
}

function unsupported(type: string, { mediaFields }: InputContract): ServiceError {
  const [only] = mediaFields.size === 1 ? mediaFields.values() : [];
  const taken = ['application/json', 'multipart/form-data', ...(only?.types ?? [])];
  const given = type === '' ? 'The body has no Content-Type' : `The body is ${type}`;
  return new ServiceError('unsupported_media_type', `${given}; this operation takes ${taken.join(', ')}.`);
}
