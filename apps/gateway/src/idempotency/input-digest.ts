import { createHash } from 'node:crypto';
import { isMedia, type Media } from '@ganglion/contracts/media';
import { encode } from '@ganglion/service-kit/codec';
import type { CheckedInput } from '../request/check-input.js';

/** sha256 (lower-case hex) of what a request asks for: equal for equal requests, wherever their media lie. */
export function inputDigest(input: CheckedInput): string {
  const asked = input.kind === 'one' ? withoutLeases(input.value) : [input.items, refusalsOf(input)];
  return createHash('sha256').update(encode(asked)).digest('hex');
}

function refusalsOf({ refused, count }: Extract<CheckedInput, { kind: 'many' }>): unknown {
  return [count, [...refused].map(([index, error]) => [index, error.code, error.message])];
}

/** Media that came by multipart or as the body stand at the top of an input, each under a lease of its own request. */
function withoutLeases(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, withoutLease(field)]));
}

function withoutLease(field: unknown): unknown {
  if (!isMedia(field) || !('ref' in field)) return field;
  const { type, ref } = field as Extract<Media, { ref: unknown }>;
  return { type, sha256: ref.sha256, bytes: ref.bytes };
}
