import type { OutputOf, ParsedInputOf } from '@ganglion/contracts/capability';
import { findKey, verifyKey } from '@ganglion/contracts/ledger';
import { createKey, listKeys, revokeKey, rotateKey } from '@ganglion/contracts/services/control-plane/keys';
import { createToken } from '@ganglion/contracts/services/control-plane/tokens';
import type { CallContext } from '@ganglion/service-kit/call-context';
import { Handles } from '@ganglion/service-kit/handles';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { KeyVerifier } from './key-verifier.js';
import { Keys } from './keys.js';
import { Tokens } from './tokens.js';

@Controller()
export class KeysHandler {
  constructor(
    private readonly keys: Keys,
    private readonly verifier: KeyVerifier,
    private readonly tokens: Tokens,
  ) {}

  @Handles(createKey)
  create(@Payload() input: ParsedInputOf<typeof createKey>, @Ctx() context: CallContext) {
    return this.keys.create(input, context);
  }

  @Handles(listKeys)
  list(@Payload() input: ParsedInputOf<typeof listKeys>, @Ctx() context: CallContext) {
    return this.keys.list(input, context);
  }

  @Handles(rotateKey)
  rotate(@Payload() input: ParsedInputOf<typeof rotateKey>, @Ctx() context: CallContext) {
    return this.keys.rotate(input, context);
  }

  @Handles(revokeKey)
  revoke(@Payload() input: ParsedInputOf<typeof revokeKey>, @Ctx() context: CallContext) {
    return this.keys.revoke(input.id, context);
  }

  @Handles(verifyKey)
  verify(@Payload() input: ParsedInputOf<typeof verifyKey>): Promise<OutputOf<typeof verifyKey>> {
    return this.verifier.bySecret(input.sha256);
  }

  @Handles(findKey)
  find(@Payload() input: ParsedInputOf<typeof findKey>): Promise<OutputOf<typeof findKey>> {
    return this.verifier.byId(input.id);
  }

  @Handles(createToken)
  createToken(@Payload() input: ParsedInputOf<typeof createToken>, @Ctx() context: CallContext) {
    return this.tokens.create(input, context);
  }
}
