import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { writeBrowserToken } from '@ganglion/contracts/browser-token';
import type { OutputOf, ParsedInputOf } from '@ganglion/contracts/capability';
import { ServiceError } from '@ganglion/contracts/errors';
import { KEY_CHANGED, type KeyChanged } from '@ganglion/contracts/ledger';
import { createToken } from '@ganglion/contracts/services/control-plane/tokens';
import { publishEvent } from '@ganglion/service-kit/events';
import { NATS } from '@ganglion/service-kit/tokens';
import type { NatsConnection } from '@nats-io/nats-core';
import { Inject, Injectable } from '@nestjs/common';
import { Audit, type Asker } from '../audit/audit.js';
import type { ApiKeyEntity } from '../persistence/api-key.entity.js';
import { ApiKeyRepository } from '../persistence/api-key.repository.js';
import { refuseMalformedScopes, refuseMoreThanHeld } from './rights.js';

type Signing = Pick<ApiKeyEntity, 'tokenPublicKey' | 'tokenPrivateKey'>;

/**
 * Makes browser tokens of API keys. A token is signed with a key pair of the API key's own: gateways know its public half
 * with the API key, and forget both together.
 */
@Injectable()
export class Tokens {
  constructor(
    private readonly repository: ApiKeyRepository,
    private readonly audit: Audit,
    @Inject(NATS) private readonly nats: NatsConnection,
  ) {}

  /**
   * @throws ServiceError `forbidden` when no API key asks, or it holds less.
   * @throws ServiceError `invalid_input` when a scope or an origin is none.
   */
  create(input: ParsedInputOf<typeof createToken>, asker: Asker): Promise<OutputOf<typeof createToken>> {
    return this.audit.act(asker, { capability: createToken, object: input }, async (entry) => {
      const made = await this.make(input, asker);
      await this.audit.record(asker.tenant, [entry]);
      return made;
    });
  }

  private async make(
    { scopes, roles, origins, lifetimeSeconds }: ParsedInputOf<typeof createToken>,
    asker: Asker,
  ): Promise<OutputOf<typeof createToken>> {
    refuseMalformedScopes(scopes);
    refuseMalformedOrigins(origins);
    const key = await this.keyOf(asker);
    refuseMoreThanHeld({ roles, scopes }, key);
    const asked = Date.now() + lifetimeSeconds * 1_000;
    const expiresAtMs = Math.min(asked, key.expiresAt?.getTime() ?? Infinity);
    const claims = { key: key.id, roles, scopes, origins, expiresAtMs };
    const token = writeBrowserToken(claims, toPrivateKey(await this.signingOf(key)));
    return { token, expiresAt: new Date(expiresAtMs).toISOString(), roles, scopes, origins };
  }

  private async keyOf({ tenant, keyId, actor }: Asker): Promise<ApiKeyEntity> {
    const key =
      actor?.credential === 'key' && keyId !== undefined ? await this.repository.find(tenant, keyId) : null;
    if (key !== null && key.revokedAt === null) return key;
    throw new ServiceError('forbidden', 'A browser token is made of an API key: send one, gk_live_….');
  }

  /** The key pair of an API key, made when it is first asked for. */
  private async signingOf(key: ApiKeyEntity): Promise<Signing> {
    if (key.tokenPublicKey !== null) return key;
    const fields = newSigning();
    const change = ({ tokenPublicKey }: ApiKeyEntity) => ({ fields: tokenPublicKey === null ? fields : {} });
    const changed = await this.repository.change(key, change);
    publishEvent(this.nats, KEY_CHANGED, { id: key.id } satisfies KeyChanged);
    return changed ?? fields;
  }
}

function toPrivateKey({ tokenPublicKey: x, tokenPrivateKey: d }: Signing): KeyObject {
  const key = { kty: 'OKP', crv: 'Ed25519', x: x ?? '', d: d ?? '' };
  return createPrivateKey({ key, format: 'jwk' });
}

function newSigning(): Signing {
  const { x = '', d = '' } = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
  return { tokenPublicKey: x, tokenPrivateKey: d };
}

/** @throws ServiceError `invalid_input` that says how an origin is written. */
function refuseMalformedOrigins(origins: readonly string[]): void {
  const errors = origins.flatMap((origin, index) => {
    const isOrigin = URL.canParse(origin) && new URL(origin).origin === origin;
    const detail = `${JSON.stringify(origin)} is no origin: write scheme, host and port alone, as https://app.example.`;
    return isOrigin ? [] : [{ pointer: `/origins/${index}`, detail }];
  });
  const [first] = errors;
  if (first === undefined) return;
  throw new ServiceError('invalid_input', `${first.pointer}: ${first.detail}`, { errors });
}
