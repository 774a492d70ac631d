import { isScope, ROLES, type Role } from '@ganglion/contracts/access';
import { DEFAULT_TENANT, TENANT_NAME } from '@ganglion/contracts/wire';
import type { JWTPayload } from 'jose';
import type { AuthSettings } from '../auth-environment.js';
import type { Caller } from '../caller.js';
import { LoginRefused } from '../login-refused.js';

/** Which claims say what. */
export type ClaimSettings = Pick<
  AuthSettings,
  'oidcTenantClaim' | 'oidcRolesClaim' | 'oidcRoleMap' | 'oidcScopesClaim' | 'oidcScopes'
>;

/** Of a subject, what is kept: with each character at its longest, a header takes it. */
const MAX_SUBJECT = 255;

/**
 * Who a token speaks for.
 *
 * @param claims Of a token that was verified.
 * @throws LoginRefused `invalid_token` when it does not say what it must.
 */
export function mapClaims(claims: JWTPayload, settings: ClaimSettings): Caller {
  const { sub = '', exp = 0 } = claims;
  const isText = Buffer.from(sub).toString() === sub;
  if (sub === '' || sub.length > MAX_SUBJECT || !isText) {
    throw new LoginRefused(
      'invalid_token',
      `The token's subject must be a text of 1 to ${MAX_SUBJECT} characters.`,
    );
  }
  return {
    credential: 'oidc',
    // Printable ASCII, as headers are.
    keyId: `oidc:${encodeURIComponent(sub)}`,
    tenant: tenantOf(claims, settings),
    roles: rolesOf(claims, settings),
    scopes: [...settings.oidcScopes, ...listOf(claims, settings.oidcScopesClaim).filter(isScope)],
    limits: {},
    expiresAtMs: exp * 1_000,
  };
}

function tenantOf(claims: JWTPayload, { oidcTenantClaim }: ClaimSettings): string {
  if (oidcTenantClaim === null) return DEFAULT_TENANT;
  const tenant = find(claims, oidcTenantClaim);
  if (typeof tenant === 'string' && TENANT_NAME.test(tenant)) return tenant;
  const detail = `The token's claim "${oidcTenantClaim}" names no tenant: 1 to 63 lower-case letters, digits, - and _.`;
  throw new LoginRefused('invalid_token', detail);
}

function rolesOf(claims: JWTPayload, { oidcRolesClaim, oidcRoleMap }: ClaimSettings): Role[] {
  if (oidcRolesClaim === null) return ['caller'];
  const pairs = oidcRoleMap.map((pair) => {
    const mark = pair.lastIndexOf('=');
    return [pair.slice(0, mark), pair.slice(mark + 1)] as const;
  });
  const theirs = listOf(claims, oidcRolesClaim);
  const ours =
    pairs.length === 0 ? theirs : pairs.filter(([name]) => theirs.includes(name)).map(([, role]) => role);
  return ROLES.filter((role) => ours.includes(role));
}

/** A claim that is a list, or a text divided by spaces. @source RFC 8693, section 4.2 (scope) */
function listOf(claims: JWTPayload, name: string): string[] {
  const value = find(claims, name);
  if (typeof value === 'string') return value.split(' ').filter((item) => item !== '');
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

/** A claim of that very name, which may hold dots (`https://example.com/roles`), or else the path that it names. */
function find(claims: JWTPayload, name: string): unknown {
  if (Object.hasOwn(claims, name)) return claims[name];
  return name.split('.').reduce<unknown>((value, part) => {
    const isObject = typeof value === 'object' && value !== null && Object.hasOwn(value, part);
    return isObject ? (value as Record<string, unknown>)[part] : undefined;
  }, claims);
}
