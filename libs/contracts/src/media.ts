import { z } from 'zod';

/** JSON Schema keyword that marks a media field in a contract on the wire. */
export const MEDIA_KEYWORD = 'x-ganglion-media';

export interface MediaLimits {
  /** MIME types that the field takes, such as `image/jpeg`. */
  readonly types: readonly string[];
  /** The most bytes that the field takes, as sent (compressed, encoded). */
  readonly maxBytes: number;
}

/** The type of bytes whose sender does not know it; every media field takes it, for the service looks at the bytes. */
export const UNKNOWN_MEDIA_TYPE = 'application/octet-stream';

/** Whether a field takes media that its sender calls by that type. */
export function takesMediaType({ types }: MediaLimits, type: string): boolean {
  return types.includes(type) || type === UNKNOWN_MEDIA_TYPE;
}

/** Where a blob lies: addressed by content, held by a lease until it is released. */
export interface BlobRef {
  /** Lower-case hex sha256 of the bytes. */
  readonly sha256: string;
  readonly bytes: number;
  /** The holder's lease; the blob lives as long as one lease on it does. */
  readonly lease: string;
}

/** A media field's value on NATS: the bytes themselves, or where they lie. */
export type Media =
  { readonly type: string; readonly bytes: Uint8Array } | { readonly type: string; readonly ref: BlobRef };

export function isMedia(value: unknown): value is Media {
  if (typeof value !== 'object' || value === null) return false;
  const { type, bytes, ref } = value as Record<string, unknown>;
  return (
    typeof type === 'string' && (bytes instanceof Uint8Array || (typeof ref === 'object' && ref !== null))
  );
}

/**
 * A field that holds media. In JSON it is `{ "base64": "…", "type": "image/png" }`, in multipart the part of that
 * name, and a raw body is the one media field of a contract that has one.
 */
export function media(limits: MediaLimits): z.ZodType<Media, Media> {
  return z
    .any()
    .meta({ [MEDIA_KEYWORD]: limits })
    .refine(isMedia, 'must be media') as unknown as z.ZodType<Media, Media>;
}
