import type { JsonSchema } from './operation.js';

/** More references than that, one to the next, are a circle. */
const LONGEST_CHAIN = 10;

/** What a schema's `$ref` into its own document points to, when it is one; the schema's other keywords stay. */
export function resolveReference(schema: JsonSchema, document: unknown): JsonSchema {
  let resolved = schema;
  for (let i = 0; i < LONGEST_CHAIN && typeof resolved['$ref'] === 'string'; i++) {
    const { $ref, ...others } = resolved;
    resolved = { ...follow(String($ref), document), ...others };
  }
  return resolved;
}

/** @source RFC 6901, section 6 */
function follow(reference: string, document: unknown): JsonSchema {
  const steps = reference.split('/').slice(1);
  const found = steps.reduce<unknown>((at, step) => {
    const name = decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~');
    return typeof at === 'object' && at !== null && Object.hasOwn(at, name)
      ? (at as Record<string, unknown>)[name]
      : undefined;
  }, document);
  return (found ?? {}) as JsonSchema;
}
