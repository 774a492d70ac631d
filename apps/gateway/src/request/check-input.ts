import { ServiceError } from '@ganglion/contracts/errors';
import type { InputContract } from './compile-input.js';
import { toInputError } from './input-errors.js';

/** A request's input once it is checked. */
export type CheckedInput =
  | { readonly kind: 'one'; readonly value: unknown }
  /** `{ "inputs": [ … ] }`: what fits its contract is in `items`; a wrong one fails alone. */
  | {
      readonly kind: 'many';
      readonly items: readonly unknown[];
      /** By position in the request; what is not here is an item, in order. */
      readonly refused: ReadonlyMap<number, ServiceError>;
      readonly count: number;
    };

/** Larger bodies only hear of their first error: a list of all could weigh hundreds of times what they do. */
const MAX_BYTES_FOR_ALL_ERRORS = 64 * 1024;

/**
 * Checks an input against its contract; decodes its media on the way.
 *
 * @param bytes How large the request's body was.
 * @throws ServiceError `invalid_input`, `unknown_option`, `too_many_items`, and what media can be wrong with.
 */
export function checkInput(input: unknown, contract: InputContract, bytes: number): CheckedInput {
  const inputs = contract.maxItems === null ? undefined : listOf(input);
  if (inputs === undefined) {
    const error = findError(input, contract, bytes);
    if (error !== undefined) throw error;
    return { kind: 'one', value: input };
  }
  checkCount(inputs, contract.maxItems ?? 0);
  const refused = new Map<number, ServiceError>();
  const items = (inputs as unknown[]).filter((item, index) => {
    const error = findError(item, contract, bytes, `/inputs/${index}`);
    if (error !== undefined) refused.set(index, error);
    return error === undefined;
  });
  return { kind: 'many', items, refused, count: items.length + refused.size };
}

/** What stands under `inputs`, when that is all there is. */
function listOf(input: unknown): unknown {
  if (typeof input !== 'object' || input === null || !Object.hasOwn(input, 'inputs')) return undefined;
  return Object.keys(input).length === 1 ? (input as { inputs: unknown }).inputs : undefined;
}

function checkCount(inputs: unknown, maxItems: number): void {
  if (!Array.isArray(inputs) || inputs.length === 0) {
    throw new ServiceError('invalid_input', '/inputs must be a list of at least one input.', {
      errors: [{ pointer: '/inputs', detail: 'must be a list of at least one input' }],
    });
  }
  if (inputs.length <= maxItems) return;
  const detail = `${inputs.length} inputs are too many: send at most ${maxItems} in one request`;
  throw new ServiceError('too_many_items', `${detail}.`, { errors: [{ pointer: '/inputs', detail }] });
}

function findError(
  input: unknown,
  contract: InputContract,
  bytes: number,
  pointer = '',
): ServiceError | undefined {
  if (contract.validate(input)) return undefined;
  const first = contract.validate.errors ?? [];
  if (bytes > MAX_BYTES_FOR_ALL_ERRORS) return toInputError(first, pointer);
  const validateAll = contract.validateAll();
  validateAll(input);
  return toInputError(validateAll.errors ?? first, pointer);
}
