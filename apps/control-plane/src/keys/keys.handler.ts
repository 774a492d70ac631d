import type { OutputOf, ParsedInputOf } from '@ganglion/contracts/capability';
import { verifyKey } from '@ganglion/contracts/ledger';
import { createKey, listKeys, revokeKey } from '@ganglion/contracts/services/control-plane/keys';
import type { CallContext } from '@ganglion/service-kit/call-context';
import { Handles } from '@ganglion/service-kit/handles';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { KeyDirectory } from '../persistence/system/key-directory.js';
import { Keys } from './keys.js';

@Controller()
export class KeysHandler {
  constructor(
    private readonly keys: Keys,
    private readonly directory: KeyDirectory,
  ) {}

  @Handles(createKey)
  create(@Payload() input: ParsedInputOf<typeof createKey>, @Ctx() context: CallContext) {
    return this.keys.create(input, context);
  }

  @Handles(listKeys)
  list(@Payload() input: ParsedInputOf<typeof listKeys>, @Ctx() context: CallContext) {
    return this.keys.list(input, context);
  }

  @Handles(revokeKey)
  revoke(@Payload() input: ParsedInputOf<typeof revokeKey>, @Ctx() context: CallContext) {
    return this.keys.revoke(input.id, context);
  }

  @Handles(verifyKey)
  async verify(@Payload() input: ParsedInputOf<typeof verifyKey>): Promise<OutputOf<typeof verifyKey>> {
    const key = await this.directory.findUsable(input.sha256);
    if (key === null) return { key: null };
    const { id, tenantId, scopes, expiresAt } = key;
    return { key: { id, tenant: tenantId, scopes, expiresAt: expiresAt?.toISOString() ?? null } };
  }
}
