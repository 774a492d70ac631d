import { ServiceError } from '@ganglion/contracts/errors';
import { KEY_REVOKED, type KeyRevoked } from '@ganglion/contracts/ledger';
import type { createKey, listKeys } from '@ganglion/contracts/services/control-plane/keys';
import type { OutputOf, ParsedInputOf } from '@ganglion/contracts/capability';
import { publishEvent } from '@ganglion/service-kit/events';
import { NATS } from '@ganglion/service-kit/tokens';
import type { NatsConnection } from '@nats-io/nats-core';
import { Inject, Injectable } from '@nestjs/common';
import { ApiKeyRepository } from '../persistence/api-key.repository.js';
import { newApiKey, toApiKey, type ApiKey } from './api-key.js';
import { newSecret } from './key-secret.js';
import { covers } from './scopes.js';

/** Who asks: a tenant, and the key that the call came with, if any. */
export interface Asker {
  readonly tenant: string;
  readonly keyId: string | undefined;
}

/** Makes, lists and revokes the API keys of a tenant. */
@Injectable()
export class Keys {
  constructor(
    private readonly repository: ApiKeyRepository,
    @Inject(NATS) private readonly nats: NatsConnection,
  ) {}

  /**
   * @throws ServiceError `forbidden` when the new key could do what the asking key may not.
   * @throws ServiceError `invalid_input` when it would have expired already.
   */
  async create(
    { name, scopes, expiresAt }: ParsedInputOf<typeof createKey>,
    asker: Asker,
  ): Promise<OutputOf<typeof createKey>> {
    await this.refuseMoreThanHeld(scopes, asker);
    const secret = newSecret();
    const expiry = expiresAt === undefined ? null : future(expiresAt);
    const key = newApiKey({ tenantId: asker.tenant, name, scopes, expiresAt: expiry }, secret);
    await this.repository.insert(key);
    return { ...toApiKey(key), key: secret };
  }

  async list(
    { limit, after }: ParsedInputOf<typeof listKeys>,
    { tenant }: Asker,
  ): Promise<OutputOf<typeof listKeys>> {
    // One more than asked for tells whether there are more.
    const keys = await this.repository.page(tenant, limit + 1, after);
    return { data: keys.slice(0, limit).map(toApiKey), hasMore: keys.length > limit };
  }

  /** Revokes a key, and tells every gateway; again when it was revoked before. @throws ServiceError `not_found`. */
  async revoke(id: string, { tenant }: Asker): Promise<ApiKey> {
    const key = await this.repository.revoke(tenant, id, new Date());
    if (key === null) throw new ServiceError('not_found', `There is no key ${id}.`);
    publishEvent(this.nats, KEY_REVOKED, { sha256: key.sha256 } satisfies KeyRevoked);
    return toApiKey(key);
  }

  private async refuseMoreThanHeld(scopes: readonly string[], { tenant, keyId }: Asker): Promise<void> {
    if (keyId === undefined) return;
    const held = (await this.repository.find(tenant, keyId))?.scopes ?? [];
    const missing = scopes.filter((scope) => !covers(held, scope));
    if (missing.length === 0) return;
    throw new ServiceError('forbidden', `A key can't give what it does not hold: ${missing.join(', ')}.`);
  }
}

function future(expiresAt: string): Date {
  const date = new Date(expiresAt);
  if (date > new Date()) return date;
  const detail = 'The key would have expired already.';
  throw new ServiceError('invalid_input', detail, { errors: [{ pointer: '/expiresAt', detail }] });
}
