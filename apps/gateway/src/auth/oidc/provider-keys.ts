import { ServiceError } from '@ganglion/contracts/errors';
import type { Logger } from '@ganglion/service-kit/logger';
import { createLocalJWKSet, errors, type CompactJWSHeaderParameters, type FlattenedJWSInput } from 'jose';
import { fetchJson } from './fetch-json.js';

/** After that long, keys are fetched again while the old ones go on. */
const REFRESH_MS = 5 * 60_000;
/** How long keys go on while the provider is away. */
const STALE_MS = 24 * 60 * 60_000;
/** Tokens of keys that nobody knows cannot make us ask the provider more often than that. */
const ASK_AGAIN_MS = 5_000;

type KeySet = ReturnType<typeof createLocalJWKSet>;

/** The keys that an OpenID provider signs with: found by discovery, kept, and fetched again when it has new ones. */
export class ProviderKeys {
  private keys: { readonly set: KeySet; readonly fetchedAtMs: number } | undefined;
  private fetching: Promise<KeySet> | undefined;
  private askedAtMs = -Infinity;
  private failure: unknown;

  constructor(
    private readonly issuer: string,
    private readonly logger: Logger,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /**
   * The key that a token says it is signed with.
   *
   * @throws JWKSNoMatchingKey when the provider has no such key.
   * @throws ServiceError `unavailable` when the key is unknown and the provider is away.
   */
  async find(header: CompactJWSHeaderParameters, token: FlattenedJWSInput): ReturnType<KeySet> {
    const set = this.known() ?? (await this.fetch());
    try {
      return await set(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      return (await this.fetch())(header, token);
    }
  }

  /** Fetches ahead, so that the first caller need not wait. */
  async warm(): Promise<void> {
    await this.fetch().catch(() => undefined);
  }

  private known(): KeySet | undefined {
    if (this.keys === undefined) return undefined;
    const ageMs = this.now() - this.keys.fetchedAtMs;
    if (ageMs > STALE_MS) return undefined;
    if (ageMs > REFRESH_MS) void this.warm();
    return this.keys.set;
  }

  /** Once for many at the same time, and not again within seconds: what came of it then holds. */
  private fetch(): Promise<KeySet> {
    if (this.fetching !== undefined) return this.fetching;
    if (this.now() - this.askedAtMs < ASK_AGAIN_MS) {
      if (this.failure !== undefined || this.keys === undefined) return Promise.reject(away(this.failure));
      return Promise.resolve(this.keys.set);
    }
    this.askedAtMs = this.now();
    this.fetching = this.discover().finally(() => (this.fetching = undefined));
    return this.fetching;
  }

  private async discover(): Promise<KeySet> {
    try {
      const set = await fetchKeySet(this.issuer);
      this.keys = { set, fetchedAtMs: this.now() };
      this.failure = undefined;
      return set;
    } catch (error) {
      this.failure = error;
      this.logger.warn(
        { err: error, issuer: this.issuer },
        'The OpenID provider cannot be asked for its keys',
      );
      throw away(error);
    }
  }
}

/** @source OpenID Connect Discovery 1.0, sections 4 and 4.3; RFC 7517 */
async function fetchKeySet(issuer: string): Promise<KeySet> {
  const document = await fetchJson(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`);
  if (document['issuer'] !== issuer) {
    throw new Error(`The provider calls itself ${JSON.stringify(document['issuer'])}, not "${issuer}"`);
  }
  const uri = document['jwks_uri'];
  if (typeof uri !== 'string' || !URL.canParse(uri)) throw new Error('The provider names no jwks_uri');
  if (issuer.startsWith('https:') && !uri.startsWith('https:')) throw new Error(`${uri} is not https`);
  return createLocalJWKSet((await fetchJson(uri)) as never);
}

function away(cause: unknown): ServiceError {
  const detail = 'The token cannot be checked: the OpenID provider is away.';
  return new ServiceError('unavailable', detail, { retryAfterMs: ASK_AGAIN_MS, cause });
}
