import { createPublicKey, sign, verify, type KeyObject } from 'node:crypto';
import { z } from 'zod';
import { ROLES } from './access.js';

const PREFIX = 'gk_tok_';
const FORMAT = /^gk_tok_[A-Za-z0-9_-]{20,8000}\.[A-Za-z0-9_-]{86}$/;

/** What a browser token says of itself. */
const claims = z.strictObject({
  /** Id of the API key that it was made of. */
  key: z.uuid(),
  roles: z.array(z.enum(ROLES)),
  scopes: z.array(z.string()),
  /** Origins whose pages may send it; any, when empty. */
  origins: z.array(z.string()),
  /** Milliseconds since the epoch. */
  expiresAtMs: z.int(),
});

export type BrowserTokenClaims = z.output<typeof claims>;

/** A token that was taken apart. Nothing that it says is true before {@link isSignedBy} says so. */
export interface UnverifiedToken {
  readonly claims: BrowserTokenClaims;
  readonly signed: string;
  readonly signature: Buffer;
}

/**
 * `gk_tok_<claims>.<signature>`, both base64url. There is one algorithm, Ed25519, and no header that could name another.
 *
 * @param privateKey Of the API key that the token is made of.
 */
export function writeBrowserToken(said: BrowserTokenClaims, privateKey: KeyObject): string {
  const signed = PREFIX + Buffer.from(JSON.stringify(said)).toString('base64url');
  return `${signed}.${sign(null, Buffer.from(signed), privateKey).toString('base64url')}`;
}

export function isBrowserToken(text: string): boolean {
  return text.startsWith(PREFIX);
}

/** @returns undefined when it is no token of ours. */
export function readBrowserToken(text: string): UnverifiedToken | undefined {
  if (!FORMAT.test(text)) return undefined;
  const dot = text.indexOf('.');
  const signed = text.slice(0, dot);
  const parsed = claims.safeParse(parseJson(signed.slice(PREFIX.length)));
  if (!parsed.success) return undefined;
  return { claims: parsed.data, signed, signature: Buffer.from(text.slice(dot + 1), 'base64url') };
}

/** @param tokenKey Public Ed25519 key, base64url. */
export function isSignedBy({ signed, signature }: UnverifiedToken, tokenKey: string): boolean {
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: tokenKey }, format: 'jwk' });
  return verify(null, Buffer.from(signed), key, signature);
}

function parseJson(base64url: string): unknown {
  try {
    return JSON.parse(Buffer.from(base64url, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}
