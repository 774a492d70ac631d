import type { OutputOf } from '@ganglion/contracts/capability';
import type { revokeKey } from '@ganglion/contracts/services/control-plane/keys';
import { uuidv7 } from '@ganglion/contracts/uuidv7';
import { ApiKeyEntity } from '../persistence/api-key.entity.js';
import { traceOf } from './key-secret.js';

/** A key as it is shown: never its secret. */
export type ApiKey = OutputOf<typeof revokeKey>;

type Given = Pick<ApiKeyEntity, 'tenantId' | 'name' | 'scopes' | 'expiresAt'>;

/** The stored form of a new key. */
export function newApiKey(given: Given, secret: string): ApiKeyEntity {
  return Object.assign(new ApiKeyEntity(), given, traceOf(secret), {
    id: uuidv7(),
    createdAt: new Date(),
    revokedAt: null,
    lastUsedAt: null,
  });
}

export function toApiKey(key: ApiKeyEntity): ApiKey {
  const { id, name, scopes, tenantId, prefix, createdAt, expiresAt, revokedAt } = key;
  return {
    id,
    name,
    scopes,
    tenant: tenantId,
    prefix,
    createdAt: createdAt.toISOString(),
    expiresAt: expiresAt?.toISOString() ?? null,
    revokedAt: revokedAt?.toISOString() ?? null,
  };
}
