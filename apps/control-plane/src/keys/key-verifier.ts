import type { OutputOf } from '@ganglion/contracts/capability';
import type { verifyKey } from '@ganglion/contracts/ledger';
import { Injectable } from '@nestjs/common';
import { KeyDirectory, type FoundKey } from '../persistence/system/key-directory.js';
import { KeyUses } from './key-uses.js';

type Verdict = OutputOf<typeof verifyKey>;
type RefusalCode = NonNullable<Verdict['refusal']>['code'];

/** Tells gateways what a key opens. */
@Injectable()
export class KeyVerifier {
  constructor(
    private readonly directory: KeyDirectory,
    private readonly uses: KeyUses,
  ) {}

  async bySecret(sha256: string, now = new Date()): Promise<Verdict> {
    return this.judge(await this.directory.findBySecret(sha256), now);
  }

  async byId(id: string, now = new Date()): Promise<Verdict> {
    const key = await this.directory.findById(id);
    return this.judge(key && { key, retired: null }, now);
  }

  private judge(found: FoundKey | null, now: Date): Verdict {
    if (found === null) return refuse('unauthenticated', null);
    const { key, retired } = found;
    const ends = [key.expiresAt, retired?.expiresAt].filter((end) => end instanceof Date);
    const expiresAt = ends.length === 0 ? null : new Date(Math.min(...ends.map(Number)));
    if (key.revokedAt !== null) return refuse('key_revoked', found);
    if (expiresAt !== null && expiresAt <= now) return refuse('key_expired', found);
    this.uses.note(key.id, now);
    const { id, tenantId, roles, scopes, limits, tokenPublicKey } = key;
    return {
      key: {
        id,
        tenant: tenantId,
        roles,
        scopes,
        limits,
        expiresAt: expiresAt?.toISOString() ?? null,
        tokenKey: tokenPublicKey,
      },
      refusal: null,
    };
  }
}

function refuse(code: RefusalCode, found: FoundKey | null): Verdict {
  return { key: null, refusal: { code, tenant: found?.key.tenantId ?? null, keyId: found?.key.id ?? null } };
}
