import type { JsonSchema } from '@ganglion/contracts/contract-document';
import { MEDIA_KEYWORD, type MediaLimits } from '@ganglion/contracts/media';

/**
 * A contract's schema as a component of the OpenAPI document: references point to where it now lies, and media are
 * described as a client writes them in JSON.
 *
 * @param at JSON Pointer of the component, such as `#/components/schemas/nlp.sentiment.Input`.
 */
export function relocateSchema(schema: JsonSchema, at: string): JsonSchema {
  const { $schema: _dialect, ...rest } = schema;
  return relocate(rest, at) as JsonSchema;
}

function relocate(value: unknown, at: string): unknown {
  if (Array.isArray(value)) return value.map((item) => relocate(item, at));
  if (typeof value !== 'object' || value === null) return value;
  if (MEDIA_KEYWORD in value) return mediaSchema(value as JsonSchema);
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => {
      if (key !== '$ref' || typeof member !== 'string') return [key, relocate(member, at)];
      return [key, member.startsWith('#') ? `${at}${member.slice(1)}` : member];
    }),
  );
}

function mediaSchema({ [MEDIA_KEYWORD]: keyword, ...annotations }: JsonSchema): JsonSchema {
  const { types, maxBytes } = keyword as MediaLimits;
  return {
    description: `At most ${maxBytes} bytes of ${types.join(', ')}.`,
    ...annotations,
    type: 'object',
    properties: {
      base64: { type: 'string', contentEncoding: 'base64' },
      type: { type: 'string', enum: types },
    },
    required: ['base64', 'type'],
    additionalProperties: false,
  };
}
