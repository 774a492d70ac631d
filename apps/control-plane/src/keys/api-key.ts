import type { OutputOf } from '@ganglion/contracts/capability';
import type { revokeKey } from '@ganglion/contracts/services/control-plane/keys';
import { uuidv7 } from '@ganglion/contracts/uuidv7';
import { ApiKeyEntity } from '../persistence/api-key.entity.js';
import { traceOf } from './key-secret.js';

/** A key as it is shown: never its secret. */
export type ApiKey = OutputOf<typeof revokeKey>;

type Given = Pick<ApiKeyEntity, 'tenantId' | 'name' | 'roles' | 'scopes' | 'expiresAt' | 'limits'>;

/** The stored form of a new key. */
export function newApiKey(given: Given, secret: string): ApiKeyEntity {
  return Object.assign(new ApiKeyEntity(), given, traceOf(secret), {
    id: uuidv7(),
    createdAt: new Date(),
    rotatedAt: null,
    revokedAt: null,
    lastUsedAt: null,
    tokenPublicKey: null,
    tokenPrivateKey: null,
  });
}

export function toApiKey(key: ApiKeyEntity): ApiKey {
  const { id, name, roles, scopes, limits, tenantId, prefix } = key;
  return {
    id,
    name,
    roles,
    scopes,
    limits,
    tenant: tenantId,
    prefix,
    createdAt: key.createdAt.toISOString(),
    expiresAt: toIso(key.expiresAt),
    rotatedAt: toIso(key.rotatedAt),
    revokedAt: toIso(key.revokedAt),
    lastUsedAt: toIso(key.lastUsedAt),
  };
}

function toIso(date: Date | null): string | null {
  return date === null ? null : date.toISOString();
}
