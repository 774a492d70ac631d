import { hash } from 'node:crypto';
import { ServiceError } from '@ganglion/contracts/errors';
import { KEY_REVOKED, verifyKey, type KeyRevoked } from '@ganglion/contracts/ledger';
import { Caller as ServiceCaller } from '@ganglion/service-kit/caller';
import { onEvent } from '@ganglion/service-kit/events';
import { NATS } from '@ganglion/service-kit/tokens';
import type { NatsConnection } from '@nats-io/nats-core';
import { Inject, Injectable } from '@nestjs/common';
import { NatsLink } from '../call/nats-link.js';
import type { Caller } from './caller.js';
import { KeyCache } from './key-cache.js';

/** The shape of our keys; what differs is refused without asking anybody. */
const BEARER = /^Bearer +(gk_live_[A-Za-z0-9_-]{43})$/i;
/** A control plane that is frozen must not hold callers for long. */
const VERIFY_TIMEOUT_MS = 2_000;

/** Knows callers by their API keys. */
@Injectable()
export class Authenticator {
  private readonly keys: KeyCache;

  constructor(
    @Inject(NATS) nats: NatsConnection,
    private readonly services: ServiceCaller,
    private readonly link: NatsLink,
  ) {
    this.keys = new KeyCache(
      (sha256) => this.verify(sha256),
      () => performance.now(),
    );
    onEvent<KeyRevoked>(nats, KEY_REVOKED, ({ sha256 }) => this.keys.revoke(sha256));
  }

  /**
   * Whose key the `Authorization` header holds.
   *
   * @returns At once when the key is known, so that the hot path has nothing to wait for.
   * @throws ServiceError `unauthenticated`; `unavailable` when the key is unknown and the control plane is away.
   */
  authenticate(authorization: string | undefined): Caller | Promise<Caller> {
    const key = authorization === undefined ? undefined : BEARER.exec(authorization)?.[1];
    if (key === undefined) throw unauthenticated(authorization);
    const sha256 = hash('sha256', key, 'hex');
    const known = this.keys.peek(sha256);
    return known === undefined ? this.keys.ask(sha256).then(accept) : accept(known);
  }

  private async verify(sha256: string): Promise<Caller | null> {
    if (!this.link.isConnected) throw away();
    const deadline = performance.now() + VERIFY_TIMEOUT_MS;
    try {
      const { key } = await this.services.call(verifyKey, { sha256 }, { deadline });
      if (key === null) return null;
      const { id, tenant, scopes, expiresAt } = key;
      const expiresAtMs = expiresAt === null ? Infinity : Date.parse(expiresAt);
      return { keyId: id, tenant, scopes, expiresAtMs };
    } catch (cause) {
      throw away(cause);
    }
  }
}

function accept(caller: Caller | null): Caller {
  if (caller !== null && caller.expiresAtMs > Date.now()) return caller;
  throw new ServiceError('unauthenticated', 'The API key is unknown, was revoked, or has expired.');
}

function unauthenticated(authorization: string | undefined): ServiceError {
  const detail =
    authorization === undefined
      ? 'Send an API key: "Authorization: Bearer gk_live_…".'
      : 'The Authorization header does not hold an API key: "Bearer gk_live_…" and 43 characters.';
  return new ServiceError('unauthenticated', detail);
}

function away(cause?: unknown): ServiceError {
  const detail = 'The API key cannot be checked: the control plane is away.';
  return new ServiceError('unavailable', detail, { retryAfterMs: 1_000, cause });
}
