import { hash } from 'node:crypto';
import { isSignedBy, readBrowserToken, type BrowserTokenClaims } from '@ganglion/contracts/browser-token';
import { ServiceError } from '@ganglion/contracts/errors';
import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { ApiKeys } from './api-keys.js';
import type { Caller } from './caller.js';
import type { KnownKey } from './key-cache.js';
import { LoginRefused } from './login-refused.js';
import { RecentMap } from './recent-map.js';

const MAX_TOKENS = 10_000;

/** A token whose signature was found good. */
interface Verified {
  readonly claims: BrowserTokenClaims;
  /** What it was verified by: when the API key has another, the token is none any more. */
  readonly tokenKey: string;
}

/** Knows callers by short-lived tokens of API keys: by their signature, and by the key that must still be good. */
@Injectable()
export class BrowserTokens {
  private readonly verified = new RecentMap<Verified>(MAX_TOKENS);

  constructor(private readonly keys: ApiKeys) {}

  /**
   * @returns At once when the token's key is known.
   * @throws ServiceError `token_expired`, `invalid_token`, `forbidden` when another page sends it, or why its key is not
   *   good.
   */
  authenticate(token: string, request: FastifyRequest): Caller | Promise<Caller> {
    const sha256 = hash('sha256', token, 'hex');
    const claims = this.verified.get(sha256)?.claims ?? readBrowserToken(token)?.claims;
    if (claims === undefined) throw forged();
    if (claims.expiresAtMs <= Date.now()) {
      throw new LoginRefused('token_expired', expired(claims.expiresAtMs));
    }
    const key = this.keys.withId(claims.key, request.ip);
    const accept = (known: KnownKey): Caller => {
      this.verify(token, sha256, known);
      refuseOtherPages(claims, request);
      return toCaller(claims, known.caller);
    };
    return key instanceof Promise ? key.then(accept) : accept(key);
  }

  private verify(text: string, sha256: string, { tokenKey, caller }: KnownKey): void {
    if (tokenKey !== null && this.verified.get(sha256)?.tokenKey === tokenKey) return;
    const token = readBrowserToken(text);
    if (tokenKey === null || token === undefined || !isSignedBy(token, tokenKey)) throw forged(caller);
    this.verified.set(sha256, { claims: token.claims, tokenKey });
  }
}

function toCaller(
  { roles, scopes, expiresAtMs }: BrowserTokenClaims,
  { keyId, tenant, limits }: Caller,
): Caller {
  return { credential: 'token', keyId, tenant, roles, scopes, limits, expiresAtMs };
}

/** Both times: a clock that is off shows. */
function expired(atMs: number): string {
  const [at, now] = [atMs, Date.now()].map((ms) => new Date(ms).toISOString());
  return `The browser token expired at ${at}, and it is ${now} here: make a new one of its key.`;
}

function forged(caller?: Caller): LoginRefused {
  const detail = 'This is no browser token of a key that is known here: make one by POST /v1/tokens.';
  return new LoginRefused('invalid_token', detail, caller);
}

/** A browser says by itself which page sends a request; for a page of the gateway's own it may leave out the origin. */
function refuseOtherPages({ origins }: BrowserTokenClaims, { headers }: FastifyRequest): void {
  if (origins.length === 0) return;
  const { origin } = headers;
  const isOwnPage = origin === undefined && headers['sec-fetch-site'] === 'same-origin';
  if (isOwnPage || (origin !== undefined && origins.includes(origin))) return;
  throw new ServiceError('forbidden', `This token is for pages of ${origins.join(', ')} alone.`);
}
