import type { Capability } from '@ganglion/contracts/capability';
import { ServiceError, type FieldError } from '@ganglion/contracts/errors';
import type { z } from 'zod';

/**
 * Checks an input against its contract and fills its defaults in.
 *
 * @param pointer JSON Pointer of the input within the request, such as `/inputs/3`.
 * @throws ServiceError `unknown_option` when it has a field that the contract lacks, else `invalid_input`, with every
 *   place that is wrong.
 */
export function validateInput(capability: Capability, value: unknown, pointer = ''): unknown {
  const result = capability.input.safeParse(value);
  if (result.success) return result.data;
  const { issues } = result.error;
  const errors = issues.flatMap((issue) => toFieldErrors(issue, pointer));
  const isUnknownOption = issues.every((issue) => issue.code === 'unrecognized_keys');
  const code = isUnknownOption ? 'unknown_option' : 'invalid_input';
  throw new ServiceError(code, errors.map((error) => `${error.pointer || '/'}: ${error.detail}`).join('; '), {
    errors,
  });
}

function toFieldErrors(issue: z.core.$ZodIssue, pointer: string): FieldError[] {
  const at = pointer + issue.path.map((part) => `/${escapePointer(String(part))}`).join('');
  if (issue.code !== 'unrecognized_keys') return [{ pointer: at, detail: issue.message }];
  return issue.keys.map((key) => ({
    pointer: `${at}/${escapePointer(key)}`,
    detail: 'There is no such field.',
  }));
}

/** @source RFC 6901, section 3. */
function escapePointer(part: string): string {
  return part.replaceAll('~', '~0').replaceAll('/', '~1');
}
