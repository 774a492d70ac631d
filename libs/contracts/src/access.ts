import { z } from 'zod';
import { ServiceError } from './errors.js';

/**
 * Who may do what. An operation's contract says what kind of act it is (`access`) and which scope it needs; whoever calls
 * must have a role that allows the one, and a scope that covers the other.
 */

/** The one table: what each role may do. */
export const ROLE_ACCESS = {
  /** Programs and people that use what there is. */
  caller: ['call', 'delegate'],
  /** Decides on predictions that wait for a person. */
  reviewer: ['call', 'delegate', 'review'],
  /** Reads and signs what is for a clinician only. */
  clinician: ['call', 'delegate', 'review', 'clinical'],
  /** Runs the installation: models and their stages, jobs, queues. */
  operator: ['call', 'delegate', 'operate'],
  /** Gives and takes rights, and reads the audit. */
  admin: ['call', 'delegate', 'review', 'clinical', 'operate', 'administer'],
} as const;

export type Role = keyof typeof ROLE_ACCESS;

/**
 * What kind of act an operation is. `call` uses a service; `delegate` hands on some of one's own rights; the others are
 * as the roles say that have them.
 */
export type Access = (typeof ROLE_ACCESS)[Role][number];

export const ROLES = Object.keys(ROLE_ACCESS) as [Role, ...Role[]];

/** What a browser token is never good for, whatever its key may do: it would outlive itself. */
export const KEPT_FROM_TOKENS: readonly Access[] = ['delegate', 'administer'];

/** By what somebody was known. */
export const CREDENTIALS = ['key', 'token', 'oidc', 'anonymous'] as const;

export type Credential = (typeof CREDENTIALS)[number];

/** Who stands behind a call that is more than a mere use, as the gateway tells the service. */
export interface Actor {
  readonly credential: Credential;
  readonly roles: readonly Role[];
  readonly scopes: readonly string[];
  /** Network address of the client. */
  readonly address: string | null;
}

/** A newer gateway may say more. */
const actor = z.object({
  credential: z.enum(CREDENTIALS),
  roles: z.array(z.enum(ROLES)),
  scopes: z.array(z.string()),
  address: z.string().nullable(),
}) satisfies z.ZodType<Actor>;

/**
 * The actor of a header.
 *
 * @throws ServiceError `malformed_request` when it holds none: nothing is done for somebody unknown.
 */
export function readActor(header: string | undefined): Actor | undefined {
  if (header === undefined) return undefined;
  try {
    return actor.parse(JSON.parse(header));
  } catch (cause) {
    throw new ServiceError('malformed_request', 'The actor header names no actor.', { cause });
  }
}

/** Roles that allow an act. An act that this code does not know, of a newer contract, is allowed to nobody. */
export function rolesFor(access: Access): Role[] {
  return ROLES.filter((role) => allows([role], access));
}

/** Whether roles allow an act. */
export function allows(held: readonly Role[], access: Access): boolean {
  return held.some((role) => (ROLE_ACCESS[role] as readonly Access[]).includes(access));
}

/** Whether roles allow all that another would: who has them may give it. */
export function includesRole(held: readonly Role[], wanted: Role): boolean {
  return ROLE_ACCESS[wanted].every((access) => allows(held, access));
}

const SCOPE = /^(\*|[a-z][a-z0-9-]*:(\*|[a-z][a-z0-9.-]*))$/;

/** Whether a text is `*`, `<service>:*` or `<service>:<operation>`. The service need not exist yet. */
export function isScope(text: string): boolean {
  return SCOPE.test(text);
}

/**
 * Whether scopes allow all that another would: `*` allows everything, `nlp:*` what begins with `nlp:`.
 *
 * @param wanted What a contract names, such as `nlp:sentiment`, or a scope with a wildcard.
 */
export function covers(held: readonly string[], wanted: string): boolean {
  const service = wanted.slice(0, wanted.indexOf(':') + 1);
  return held.some(
    (scope) => scope === '*' || scope === wanted || (service !== '' && scope === `${service}*`),
  );
}
