import type { JsonSchema } from '@ganglion/contracts/contract-document';
import { MEDIA_KEYWORD, type MediaLimits } from '@ganglion/contracts/media';

/** The media fields at the top of an input: those that a raw or a multipart body can fill. */
export function mediaFieldsOf(schema: JsonSchema): ReadonlyMap<string, MediaLimits> {
  const properties = Object.entries((schema['properties'] ?? {}) as Record<string, JsonSchema>);
  return new Map(
    properties.flatMap(([name, property]) => {
      const limits = property[MEDIA_KEYWORD] as MediaLimits | undefined;
      return limits === undefined ? [] : [[name, limits]];
    }),
  );
}

/** Whether a value of that schema may hold media anywhere. */
export function holdsMedia(schema: unknown): boolean {
  if (typeof schema !== 'object' || schema === null) return false;
  if (!Array.isArray(schema) && MEDIA_KEYWORD in schema) return true;
  return Object.values(schema).some(holdsMedia);
}
