import { hash } from 'node:crypto';
import type { Logger } from '@ganglion/service-kit/logger';
import { Inject, Injectable } from '@nestjs/common';
import { jwtVerify, type JWTPayload } from 'jose';
import type { GatewaySettings } from '../../config.js';
import { LOGGER } from '@ganglion/service-kit/tokens';
import { SETTINGS } from '../../settings.module.js';
import type { Caller } from '../caller.js';
import { LoginRefused } from '../login-refused.js';
import { RecentMap } from '../recent-map.js';
import { explainJwtError } from './explain-jwt-error.js';
import { mapClaims } from './map-claims.js';
import { ProviderKeys } from './provider-keys.js';

/** How long a verified token is good without looking at the provider's keys again. */
const FRESH_MS = 30_000;
const MAX_TOKENS = 10_000;

const JWT = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*$/;

interface Verified {
  readonly caller: Caller;
  readonly freshUntilMs: number;
}

/** Knows callers by the JWTs of one OpenID provider, where one is set. */
@Injectable()
export class OidcTokens {
  private readonly keys: ProviderKeys | undefined;
  private readonly verified = new RecentMap<Verified>(MAX_TOKENS);

  constructor(
    @Inject(SETTINGS) private readonly settings: GatewaySettings,
    @Inject(LOGGER) logger: Logger,
  ) {
    const { oidcIssuer } = settings;
    if (oidcIssuer === null) return;
    this.keys = new ProviderKeys(oidcIssuer, logger);
    void this.keys.warm();
  }

  /** Whether a bearer is for here: a JWT, while a provider is set. */
  takes(bearer: string): boolean {
    return this.keys !== undefined && JWT.test(bearer);
  }

  /**
   * @returns At once when the token was verified a moment ago.
   * @throws ServiceError `token_expired`, `invalid_token`; `unavailable` when its key is unknown and the provider away.
   */
  authenticate(token: string): Caller | Promise<Caller> {
    const sha256 = hash('sha256', token, 'hex');
    const known = this.verified.get(sha256);
    const skewMs = this.settings.oidcClockSkewSeconds * 1_000;
    const isFresh = known !== undefined && performance.now() < known.freshUntilMs;
    if (isFresh && Date.now() < known.caller.expiresAtMs + skewMs) return known.caller;
    return this.verify(token, sha256);
  }

  private async verify(token: string, sha256: string): Promise<Caller> {
    const caller = mapClaims(await this.read(token), this.settings);
    this.verified.set(sha256, { caller, freshUntilMs: performance.now() + FRESH_MS });
    return caller;
  }

  private async read(token: string): Promise<JWTPayload> {
    const { oidcIssuer, oidcAudience, oidcAlgorithms, oidcClockSkewSeconds } = this.settings;
    try {
      const { payload } = await jwtVerify(token, (header, jws) => this.findKey(header, jws), {
        issuer: oidcIssuer ?? '',
        audience: oidcAudience ?? '',
        algorithms: [...oidcAlgorithms],
        clockTolerance: oidcClockSkewSeconds,
        requiredClaims: ['exp', 'sub'],
      });
      refuseFromTheFuture(payload, oidcClockSkewSeconds);
      return payload;
    } catch (error) {
      throw explainJwtError(error, oidcAudience ?? '');
    }
  }

  private findKey(...asked: Parameters<ProviderKeys['find']>): ReturnType<ProviderKeys['find']> {
    if (this.keys === undefined) throw new TypeError('No OpenID provider is set.');
    return this.keys.find(...asked);
  }
}

/** One of the two clocks is off: what the token says of its end cannot be trusted either. */
function refuseFromTheFuture({ iat }: JWTPayload, skewSeconds: number): void {
  const aheadSeconds = Math.round((iat ?? 0) - Date.now() / 1_000);
  if (aheadSeconds <= skewSeconds) return;
  const detail = `The token was issued ${aheadSeconds} s from now: the provider's clock or this one is off.`;
  throw new LoginRefused('invalid_token', detail);
}
