import { hash } from 'node:crypto';
import type { OutputOf } from '@ganglion/contracts/capability';
import { ServiceError } from '@ganglion/contracts/errors';
import { findKey, KEY_CHANGED, verifyKey, type KeyChanged } from '@ganglion/contracts/ledger';
import { Caller as ServiceCaller, type CallOrigin } from '@ganglion/service-kit/caller';
import { onEvent } from '@ganglion/service-kit/events';
import type { NatsConnection } from '@nats-io/nats-core';
import { Inject, Injectable } from '@nestjs/common';
import { NatsLink } from '../call/nats-link.js';
import { NATS } from '@ganglion/service-kit/tokens';
import { Guesses } from './guesses.js';
import { KeyCache, type KnownKey, type RefusedKey } from './key-cache.js';
import { LoginRefused } from './login-refused.js';

/** A control plane that is frozen must not hold callers for long. */
const VERIFY_TIMEOUT_MS = 2_000;

type Verdict = OutputOf<typeof verifyKey>;

const EXPLANATIONS = {
  unauthenticated: 'There is no such API key.',
  key_expired: 'The API key has expired, or was rotated and the time of its old secret is over.',
  key_revoked: 'The API key was revoked.',
} as const;

/** Knows API keys by their secrets, and by their ids. */
@Injectable()
export class ApiKeys {
  private readonly bySecret: KeyCache;
  private readonly byId: KeyCache;
  private readonly guesses = new Guesses(() => performance.now());

  constructor(
    @Inject(NATS) nats: NatsConnection,
    services: ServiceCaller,
    private readonly link: NatsLink,
  ) {
    const now = (): number => performance.now();
    this.bySecret = new KeyCache(
      (sha256) => this.ask((origin) => services.call(verifyKey, { sha256 }, origin)),
      now,
    );
    this.byId = new KeyCache((id) => this.ask((origin) => services.call(findKey, { id }, origin)), now);
    onEvent<KeyChanged>(nats, KEY_CHANGED, ({ id }) => {
      this.bySecret.forget(id);
      this.byId.forget(id);
    });
  }

  /**
   * @param address Of the client: how many unknown keys come from one is bounded.
   * @returns At once when the key is known, so that the hot path has nothing to wait for.
   * @throws ServiceError `unauthenticated`, `key_expired`, `key_revoked`; `rate_limited` after too many unknown ones;
   *   `unavailable` when the key is unknown and the control plane is away.
   */
  withSecret(secret: string, address: string): KnownKey | Promise<KnownKey> {
    return this.know(this.bySecret, hash('sha256', secret, 'hex'), address);
  }

  /** The same by the key's id, which says of nobody that they hold the key. */
  withId(id: string, address: string): KnownKey | Promise<KnownKey> {
    return this.know(this.byId, id, address);
  }

  private know(cache: KeyCache, name: string, address: string): KnownKey | Promise<KnownKey> {
    const known = cache.peek(name);
    if (known !== undefined) return accept(known);
    if (!cache.has(name)) this.guesses.refuseTooMany(address);
    return cache.ask(name).then((key) => {
      if ('refusal' in key && key.refusal.code === 'unauthenticated') this.guesses.note(address);
      return accept(key);
    });
  }

  private async ask(question: (origin: CallOrigin) => Promise<Verdict>): Promise<KnownKey | RefusedKey> {
    if (!this.link.isConnected) throw away();
    try {
      return toKnownKey(await question({ deadline: performance.now() + VERIFY_TIMEOUT_MS }));
    } catch (cause) {
      throw away(cause);
    }
  }
}

function accept(key: KnownKey | RefusedKey): KnownKey {
  if ('refusal' in key) {
    const { code, ...known } = key.refusal;
    throw new LoginRefused(code, EXPLANATIONS[code], known);
  }
  if (key.caller.expiresAtMs > Date.now()) return key;
  throw new LoginRefused('key_expired', EXPLANATIONS.key_expired, key.caller);
}

function toKnownKey({ key, refusal }: Verdict): KnownKey | RefusedKey {
  if (key === null) {
    return { refusal: refusal ?? { code: 'unauthenticated', tenant: null, keyId: null } };
  }
  const { id: keyId, tenant, roles, scopes, limits, expiresAt, tokenKey } = key;
  const expiresAtMs = expiresAt === null ? Infinity : Date.parse(expiresAt);
  return { caller: { credential: 'key', keyId, tenant, roles, scopes, limits, expiresAtMs }, tokenKey };
}

function away(cause?: unknown): ServiceError {
  const detail = 'The API key cannot be checked: the control plane is away.';
  return new ServiceError('unavailable', detail, { retryAfterMs: 1_000, cause });
}
