import { ServiceError } from '@ganglion/contracts/errors';
import type { Caller } from './caller.js';

/**
 * Whether scopes allow what an operation asks for.
 *
 * @param scopes `*`, `<service>:*` or `<service>:<operation>`.
 * @param required What the contract names, such as `nlp:sentiment`.
 */
export function allows(scopes: readonly string[], required: string): boolean {
  const service = required.slice(0, required.indexOf(':') + 1);
  return scopes.some(
    (scope) => scope === '*' || scope === required || (service !== '' && scope === `${service}*`),
  );
}

/**
 * @param required `null` for what only Ganglion's own processes may call: no key opens it.
 * @throws ServiceError `forbidden` when the key's scopes do not reach.
 */
export function requireScope(caller: Caller, required: string | null): void {
  if (required === null) throw new ServiceError('forbidden', 'No API key may call this operation.');
  if (allows(caller.scopes, required)) return;
  throw new ServiceError('forbidden', `The API key lacks the scope "${required}".`);
}
