import { covers, includesRole, isScope, type Role } from '@ganglion/contracts/access';
import { ServiceError } from '@ganglion/contracts/errors';

/** What somebody may do, or is to. */
export interface Rights {
  readonly roles: readonly Role[];
  readonly scopes: readonly string[];
}

/** @throws ServiceError `invalid_input` that names each scope that is none, and says how one is written. */
export function refuseMalformedScopes(scopes: readonly string[]): void {
  const errors = scopes.flatMap((scope, index) =>
    isScope(scope) ? [] : [{ pointer: `/scopes/${index}`, detail: explain(scope) }],
  );
  const [first] = errors;
  if (first === undefined) return;
  throw new ServiceError('invalid_input', `${first.pointer}: ${first.detail}`, { errors });
}

function explain(scope: string): string {
  const wanted = 'A scope is <service>:<operation>, <service>:* or *';
  const colon = scope.replace(/^([a-z][a-z0-9-]*)[./ ]/, '$1:');
  const hint = isScope(colon) ? `; did you mean "${colon}"?` : ', such as nlp:sentiment.';
  return `${JSON.stringify(scope)} is no scope. ${wanted}${hint}`;
}

/**
 * Nobody gives what they do not hold.
 *
 * @throws ServiceError `forbidden` that names what is missing.
 */
export function refuseMoreThanHeld(wanted: Rights, held: Rights): void {
  const missing = [
    ...wanted.roles.filter((role) => !includesRole(held.roles, role)).map((role) => `the role ${role}`),
    ...wanted.scopes.filter((scope) => !covers(held.scopes, scope)).map((scope) => `the scope ${scope}`),
  ];
  if (missing.length === 0) return;
  throw new ServiceError('forbidden', `Nobody can give what they do not hold: ${missing.join(', ')}.`);
}
