import { isBrowserToken } from '@ganglion/contracts/browser-token';
import { Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { GatewaySettings } from '../config.js';
import { SETTINGS } from '../settings.module.js';
import { ANONYMOUS, isOfThisMachine } from './anonymous.js';
import { ApiKeys } from './api-keys.js';
import { BrowserTokens } from './browser-tokens.js';
import type { Caller } from './caller.js';
import { LoginRefused } from './login-refused.js';
import { OidcTokens } from './oidc/oidc-tokens.js';

const BEARER = /^Bearer +([^\s]+) *$/i;
/** The shape of our keys; what differs is refused without asking anybody. */
const API_KEY = /^gk_live_[A-Za-z0-9_-]{43}$/;

/** Knows callers by what their `Authorization` header holds. */
@Injectable()
export class Authenticator {
  constructor(
    private readonly keys: ApiKeys,
    private readonly tokens: BrowserTokens,
    private readonly oidc: OidcTokens,
    @Inject(SETTINGS) private readonly settings: GatewaySettings,
  ) {}

  /**
   * Who sends a request.
   *
   * @returns At once when they are known, so that the hot path has nothing to wait for.
   * @throws ServiceError `unauthenticated`, `key_expired`, `key_revoked`, `token_expired`, `invalid_token`;
   *   `rate_limited` after too many unknown keys; `unavailable` when whoever would know cannot be asked.
   */
  authenticate(request: FastifyRequest): Caller | Promise<Caller> {
    const { authorization } = request.headers;
    if (authorization === undefined) return this.admitAnonymous(request);
    const bearer = BEARER.exec(authorization)?.[1] ?? '';
    if (API_KEY.test(bearer)) {
      const known = this.keys.withSecret(bearer, request.ip);
      return known instanceof Promise ? known.then(({ caller }) => caller) : known.caller;
    }
    if (isBrowserToken(bearer)) return this.tokens.authenticate(bearer, request);
    if (this.oidc.takes(bearer)) return this.oidc.authenticate(bearer);
    throw new LoginRefused(
      'unauthenticated',
      'The Authorization header holds no key or token that is known here: "Bearer gk_live_…" and 43 characters.',
    );
  }

  private admitAnonymous(request: FastifyRequest): Caller {
    if (this.settings.anonymous && isOfThisMachine(request)) return ANONYMOUS;
    const hint = this.settings.anonymous
      ? ' Calls without one are taken from this machine alone, and by no proxy.'
      : '';
    throw new LoginRefused('unauthenticated', `Send an API key: "Authorization: Bearer gk_live_…".${hint}`);
  }
}
