import type { Actor, Credential, Role } from '@ganglion/contracts/access';
import type { KeyLimits } from '@ganglion/contracts/key-limits';

/** Who calls, and what they may. */
export interface Caller {
  readonly credential: Credential;
  /** Id of the API key, also for its tokens; `oidc:<subject>`, or `anonymous`. */
  readonly keyId: string;
  readonly tenant: string;
  readonly roles: readonly Role[];
  readonly scopes: readonly string[];
  readonly limits: KeyLimits;
  /** Milliseconds since the epoch; Infinity for what never expires. */
  readonly expiresAtMs: number;
}

/** The caller as services hear of them where it is more than a mere call. */
export function toActor({ credential, roles, scopes }: Caller, address: string): Actor {
  return { credential, roles, scopes, address };
}
