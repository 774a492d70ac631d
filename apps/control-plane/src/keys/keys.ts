import type { OutputOf, ParsedInputOf } from '@ganglion/contracts/capability';
import { ServiceError } from '@ganglion/contracts/errors';
import { KEY_CHANGED, type KeyChanged } from '@ganglion/contracts/ledger';
import {
  createKey,
  revokeKey,
  rotateKey,
  type listKeys,
} from '@ganglion/contracts/services/control-plane/keys';
import { publishEvent } from '@ganglion/service-kit/events';
import { NATS } from '@ganglion/service-kit/tokens';
import type { NatsConnection } from '@nats-io/nats-core';
import { Inject, Injectable } from '@nestjs/common';
import { Audit, type Asker } from '../audit/audit.js';
import type { ApiKeyEntity } from '../persistence/api-key.entity.js';
import { ApiKeyRepository, type KeyChange } from '../persistence/api-key.repository.js';
import { newApiKey, toApiKey, type ApiKey } from './api-key.js';
import { newSecret, traceOf } from './key-secret.js';
import { refuseMalformedScopes, refuseMoreThanHeld, type Rights } from './rights.js';

/** Makes, lists, rotates and revokes the API keys of a tenant. */
@Injectable()
export class Keys {
  constructor(
    private readonly repository: ApiKeyRepository,
    private readonly audit: Audit,
    @Inject(NATS) private readonly nats: NatsConnection,
  ) {}

  /**
   * @throws ServiceError `forbidden` when the new key could do what the asker may not.
   * @throws ServiceError `invalid_input` when a scope is none, or the key would have expired already.
   */
  async create(
    { name, roles, scopes, expiresAt, limits }: ParsedInputOf<typeof createKey>,
    asker: Asker,
  ): Promise<OutputOf<typeof createKey>> {
    const secret = newSecret();
    const given = { tenantId: asker.tenant, name, roles, scopes, limits };
    const key = newApiKey(
      { ...given, expiresAt: expiresAt === undefined ? null : new Date(expiresAt) },
      secret,
    );
    const object = { id: key.id, name, roles, scopes };
    return this.audit.act(asker, { capability: createKey, object }, async (entry) => {
      refuseMalformedScopes(scopes);
      refuseExpired(key);
      refuseMoreThanHeld(key, rightsOf(asker));
      await this.repository.insert(key, entry);
      return { ...toApiKey(key), key: secret };
    });
  }

  async list(
    { limit, after }: ParsedInputOf<typeof listKeys>,
    { tenant }: Asker,
  ): Promise<OutputOf<typeof listKeys>> {
    // One more than asked for tells whether there are more.
    const keys = await this.repository.page(tenant, limit + 1, after);
    return { data: keys.slice(0, limit).map(toApiKey), hasMore: keys.length > limit };
  }

  /**
   * Gives a key a new secret; the old one goes on for a while.
   *
   * @throws ServiceError `not_found`, `conflict` when the key does not work any more, `forbidden` when it can do what the
   *   asker may not: its new secret would be theirs.
   */
  async rotate(
    { id, overlapSeconds }: ParsedInputOf<typeof rotateKey>,
    asker: Asker,
  ): Promise<OutputOf<typeof rotateKey>> {
    const secret = newSecret();
    const now = new Date();
    const oldKeyExpiresAt = new Date(now.getTime() + overlapSeconds * 1_000);
    const act = { capability: rotateKey, object: { id, overlapSeconds } };
    return this.audit.act(asker, act, async (entry) => {
      const change = (key: ApiKeyEntity): KeyChange => {
        refuseUnusable(key, now);
        refuseMoreThanHeld(key, rightsOf(asker));
        const noTokens = overlapSeconds === 0 && { tokenPublicKey: null, tokenPrivateKey: null };
        return { fields: { ...traceOf(secret), rotatedAt: now, ...noTokens }, retire: oldKeyExpiresAt };
      };
      const key = this.known(await this.repository.change({ tenantId: asker.tenant, id }, change, entry), id);
      return { ...toApiKey(key), key: secret, oldKeyExpiresAt: oldKeyExpiresAt.toISOString() };
    });
  }

  /** Revokes a key, and tells every gateway; again when it was revoked before. @throws ServiceError `not_found`. */
  async revoke(id: string, asker: Asker): Promise<ApiKey> {
    return this.audit.act(asker, { capability: revokeKey, object: { id } }, async (entry) => {
      const change = ({ revokedAt }: ApiKeyEntity): KeyChange => ({
        fields: revokedAt === null ? { revokedAt: new Date() } : {},
      });
      return toApiKey(
        this.known(await this.repository.change({ tenantId: asker.tenant, id }, change, entry), id),
      );
    });
  }

  /** A key that was changed: every gateway forgets what it knew of it. */
  private known(key: ApiKeyEntity | null, id: string): ApiKeyEntity {
    if (key === null) throw new ServiceError('not_found', `There is no key ${id}.`);
    publishEvent(this.nats, KEY_CHANGED, { id } satisfies KeyChanged);
    return key;
  }
}

const EVERYTHING: Rights = { roles: ['admin'], scopes: ['*'] };
const NOTHING: Rights = { roles: [], scopes: [] };

/** A call by NATS alone is Ganglion's own; one for a key that does not say what the key may do gives nothing. */
function rightsOf({ actor, keyId }: Asker): Rights {
  return actor ?? (keyId === undefined ? EVERYTHING : NOTHING);
}

function refuseExpired({ expiresAt }: ApiKeyEntity): void {
  if (expiresAt === null || expiresAt > new Date()) return;
  const detail = 'The key would have expired already.';
  throw new ServiceError('invalid_input', detail, { errors: [{ pointer: '/expiresAt', detail }] });
}

function refuseUnusable({ id, revokedAt, expiresAt }: ApiKeyEntity, now: Date): void {
  const isExpired = expiresAt !== null && expiresAt <= now;
  if (revokedAt === null && !isExpired) return;
  const what = revokedAt === null ? 'has expired' : 'was revoked';
  throw new ServiceError('conflict', `The key ${id} ${what}: make a new one.`);
}
