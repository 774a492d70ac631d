import { takesMediaType, type Media, type MediaLimits } from '@ganglion/contracts/media';
import type { DataValidationCxt, ErrorObject } from 'ajv/dist/types/index.js';

/** Media that the gateway itself took from a raw or a multipart body. JSON must not be able to name a blob. */
const received = new WeakSet<object>();

/** Vouches for media: what a client writes in JSON is never taken for it. */
export function vouchFor(media: Media): Media {
  received.add(media);
  return media;
}

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/**
 * The media keyword for ajv: puts the bytes in the place of `{ "base64", "type" }`, and holds media to their limits. Its
 * errors carry the code of the problem in `params`.
 */
export const checkMedia: {
  (limits: MediaLimits, value: unknown, schema?: unknown, place?: DataValidationCxt): boolean;
  errors?: Partial<ErrorObject>[];
} = (limits, value, _schema, place) => {
  const media =
    typeof value === 'object' && value !== null && received.has(value) ? (value as Media) : decode(value);
  const wrong =
    typeof media === 'string' ? { code: 'invalid_input', message: media } : exceeds(media, limits);
  if (wrong !== undefined) {
    checkMedia.errors = [{ keyword: 'media', message: wrong.message, params: { code: wrong.code } }];
    return false;
  }
  if (place !== undefined) place.parentData[place.parentDataProperty] = media;
  return true;
};

/** @returns the media, or what is wrong with its JSON. */
function decode(value: unknown): Media | string {
  if (typeof value !== 'object' || value === null) return 'must be media: { "base64": "…", "type": "…" }';
  const { base64, type, ...others } = value as Record<string, unknown>;
  const [other] = Object.keys(others);
  if (other !== undefined) return `takes "base64" and "type", not "${other}"`;
  if (typeof type !== 'string') return 'lacks "type", the media type of the bytes';
  if (typeof base64 !== 'string' || base64.length % 4 === 1 || !BASE64.test(base64))
    return '"base64" is not base64';
  return vouchFor({ type, bytes: Buffer.from(base64, 'base64') });
}

function exceeds(media: Media, limits: MediaLimits): { code: string; message: string } | undefined {
  const { types, maxBytes } = limits;
  if (!takesMediaType(limits, media.type)) {
    const message = `is ${media.type}, but takes ${types.join(', ')}`;
    return { code: 'unsupported_media_type', message };
  }
  const size = 'bytes' in media ? media.bytes.byteLength : media.ref.bytes;
  if (size > maxBytes) {
    return { code: 'payload_too_large', message: `has ${size} bytes, but takes at most ${maxBytes}` };
  }
  return undefined;
}
