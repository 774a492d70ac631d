import { createKey } from '@ganglion/contracts/services/control-plane/keys';
import { DEFAULT_TENANT } from '@ganglion/contracts/wire';
import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { newEntry } from '../audit/audit.js';
import { KeyDirectory } from '../persistence/system/key-directory.js';
import { newApiKey } from './api-key.js';
import { isSecret } from './key-secret.js';

/** Token of `GANGLION_BOOTSTRAP_KEY`'s value, or `null`. */
export const BOOTSTRAP_KEY = Symbol('GANGLION_BOOTSTRAP_KEY');

/** Nobody asks: the installation does it at its start. */
const NOBODY = { keyId: undefined, actor: undefined, requestId: 'bootstrap' };

/** Stores the first key, which an installation makes for itself, so that somebody can make the others. */
@Injectable()
export class BootstrapKey implements OnApplicationBootstrap {
  constructor(
    private readonly directory: KeyDirectory,
    @Inject(BOOTSTRAP_KEY) private readonly secret: string | null,
  ) {}

  /** @throws Error when the setting is no key; what it holds is not said. */
  async onApplicationBootstrap(): Promise<void> {
    if (this.secret === null) return;
    if (!isSecret(this.secret)) {
      throw new Error('GANGLION_BOOTSTRAP_KEY must be gk_live_ and 32 bytes as base64url (43 characters).');
    }
    const given = { tenantId: DEFAULT_TENANT, name: 'bootstrap', roles: ['admin' as const], scopes: ['*'] };
    const key = newApiKey({ ...given, expiresAt: null, limits: {} }, this.secret);
    const act = { capability: createKey, object: { id: key.id, name: key.name } };
    await this.directory.insertIfAbsent(key, newEntry(NOBODY, act, 'succeeded'));
  }
}
