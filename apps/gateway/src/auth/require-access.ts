import { allows, covers, KEPT_FROM_TOKENS, rolesFor } from '@ganglion/contracts/access';
import type { CapabilityDocument } from '@ganglion/contracts/contract-document';
import { ServiceError } from '@ganglion/contracts/errors';
import type { Caller } from './caller.js';

/** What an operation asks of its callers. */
export type Required = Pick<CapabilityDocument, 'scope' | 'access'>;

/** @throws ServiceError `forbidden` that names the scope or the roles that are needed. */
export function requireAccess({ credential, roles, scopes }: Caller, { scope, access }: Required): void {
  if (scope === null) throw new ServiceError('forbidden', 'Only Ganglion itself may call this operation.');
  if (credential === 'token' && KEPT_FROM_TOKENS.includes(access)) {
    throw new ServiceError('forbidden', 'No browser token may do this: it takes an API key.');
  }
  if (!allows(roles, access)) {
    const able = rolesFor(access).join(' or ') || 'one that this gateway does not know yet';
    const held = roles.join(', ') || 'none';
    throw new ServiceError('forbidden', `This takes the role ${able}; the caller has ${held}.`);
  }
  if (covers(scopes, scope)) return;
  throw new ServiceError('forbidden', `The caller lacks the scope "${scope}".`);
}
