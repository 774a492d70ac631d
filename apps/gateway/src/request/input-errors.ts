import { ServiceError, type CoreErrorCode, type FieldError } from '@ganglion/contracts/errors';
import type { ErrorObject } from 'ajv/dist/2020.js';
import { nearestNames } from '../routes/nearest-names.js';

/** More places than that are not listed. */
const MAX_ERRORS = 100;

/**
 * What a client is told of an input that does not fit.
 *
 * @param pointer JSON Pointer of the input within the request, such as `/inputs/3`.
 */
export function toInputError(errors: readonly ErrorObject[], pointer = ''): ServiceError {
  const places = new Map<string, FieldError>();
  for (const error of errors.slice(0, MAX_ERRORS)) {
    const place = toFieldError(error, pointer);
    places.set(`${place.pointer} ${place.detail}`, place);
  }
  const fields = [...places.values()];
  return new ServiceError(codeOf(errors), describe(fields, errors.length), { errors: fields });
}

function describe(fields: readonly FieldError[], count: number): string {
  const [first] = fields;
  const others = count > 1 ? ` (and ${count - 1} more)` : '';
  return first === undefined
    ? 'The input does not fit the contract.'
    : `${first.pointer || '/'} ${first.detail}${others}.`;
}

/** One kind of error has its own code; a mixture is `invalid_input`. */
function codeOf(errors: readonly ErrorObject[]): CoreErrorCode {
  const codes = new Set(errors.map(codeOfOne));
  const [code] = codes;
  return codes.size === 1 && code !== undefined ? code : 'invalid_input';
}

function codeOfOne({ keyword, params }: ErrorObject): CoreErrorCode {
  if (isUnknownProperty(keyword)) return 'unknown_option';
  return keyword === 'media' ? (params as { code: CoreErrorCode }).code : 'invalid_input';
}

function isUnknownProperty(keyword: string): boolean {
  return keyword === 'additionalProperties' || keyword === 'unevaluatedProperties';
}

function toFieldError(error: ErrorObject, pointer: string): FieldError {
  const at = pointer + error.instancePath;
  const { keyword, params, message = 'does not fit' } = error;
  if (isUnknownProperty(keyword)) {
    const name = String(params['additionalProperty'] ?? params['unevaluatedProperty']);
    return { pointer: `${at}/${escapePointer(name)}`, detail: unknownOption(name, error.parentSchema) };
  }
  if (keyword === 'required') {
    return { pointer: `${at}/${escapePointer(String(params['missingProperty']))}`, detail: 'is missing' };
  }
  if (keyword === 'enum') {
    const allowed = (params['allowedValues'] as unknown[]).map((value) => JSON.stringify(value));
    return { pointer: at, detail: `must be one of ${allowed.join(', ')}` };
  }
  if (keyword === 'const')
    return { pointer: at, detail: `must be ${JSON.stringify(params['allowedValue'])}` };
  return {
    pointer: at,
    detail: isTooLarge(error) ? 'must be a finite number; this one is too large' : message,
  };
}

/** JSON's `1e999`, where a number is wanted: it was parsed to infinity. */
function isTooLarge({ keyword, params, data }: ErrorObject): boolean {
  const wantsNumber = keyword === 'type' && /number|integer/.test(String(params['type']));
  return wantsNumber && typeof data === 'number' && !Number.isFinite(data);
}

function unknownOption(name: string, parentSchema: ErrorObject['parentSchema']): string {
  const options = Object.keys((parentSchema?.['properties'] ?? {}) as object);
  const [nearest] = nearestNames(name, options, 1);
  if (nearest !== undefined) return `is no option here; did you mean "${nearest}"?`;
  return options.length === 0
    ? 'is no option here: none is taken'
    : `is no option here; what is taken: ${options.join(', ')}`;
}

/** @source RFC 6901, section 3. */
function escapePointer(part: string): string {
  return part.replaceAll('~', '~0').replaceAll('/', '~1');
}
