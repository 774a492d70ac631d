import { BlockList } from 'node:net';
import { isScope, ROLES } from '@ganglion/contracts/access';
import { isLoopbackHost } from './anonymous.js';
import type { AuthSettings } from './auth-environment.js';

type Checked = AuthSettings & { readonly host: string };
type Problem = string | false;

/** What RFC 7518 and RFC 8037 call signatures by a key pair. */
const ASYMMETRIC = /^((RS|PS|ES)(256|384|512)|EdDSA|Ed25519)$/;

/**
 * Settings that fit one by one, and not together.
 *
 * @throws Error that lists every problem at once.
 */
export function checkAuthSettings(settings: Checked): void {
  const problems = [...anonymousProblems(settings), ...proxyProblems(settings), ...oidcProblems(settings)];
  const found = problems.filter((problem) => problem !== false);
  if (found.length > 0) throw new Error(`Settings that do not fit:\n  ${found.join('\n  ')}`);
}

function anonymousProblems({ anonymous, host, trustedProxies }: Checked): Problem[] {
  if (!anonymous) return [];
  return [
    !isLoopbackHost(host) && `GANGLION_ANONYMOUS needs GANGLION_HOST to be this machine alone, not "${host}"`,
    trustedProxies.length > 0 && 'GANGLION_ANONYMOUS and GANGLION_TRUSTED_PROXIES exclude each other',
  ];
}

function proxyProblems({ trustedProxies }: Checked): Problem[] {
  const wrong = trustedProxies.filter((proxy) => !isNetwork(proxy));
  return wrong.map((proxy) => `GANGLION_TRUSTED_PROXIES holds "${proxy}", which is no address and no CIDR`);
}

function isNetwork(text: string): boolean {
  const [address = '', bits] = text.split('/');
  const family = address.includes(':') ? 'ipv6' : 'ipv4';
  const prefix = bits === undefined ? (family === 'ipv6' ? 128 : 32) : Number(bits);
  // A network of everything would trust every client to say who it is.
  if (!Number.isInteger(prefix) || prefix < 1) return false;
  try {
    new BlockList().addSubnet(address, prefix, family);
    return true;
  } catch {
    return false;
  }
}

function oidcProblems(settings: Checked): Problem[] {
  const { oidcIssuer, oidcAudience, oidcAlgorithms, oidcRoleMap, oidcScopes } = settings;
  if (oidcIssuer === null)
    return [oidcAudience !== null && 'GANGLION_OIDC_AUDIENCE needs GANGLION_OIDC_ISSUER'];
  const roles: readonly string[] = ROLES;
  return [
    !isSafeIssuer(oidcIssuer) && 'GANGLION_OIDC_ISSUER must be https://…, or http://… of this machine',
    oidcAudience === null && 'GANGLION_OIDC_AUDIENCE must be set with GANGLION_OIDC_ISSUER',
    oidcAlgorithms.length === 0 && 'GANGLION_OIDC_ALGORITHMS must name one',
    ...oidcAlgorithms.map(
      (name) => !ASYMMETRIC.test(name) && `GANGLION_OIDC_ALGORITHMS: "${name}" is no signature by a key pair`,
    ),
    ...oidcRoleMap.map(
      (pair) =>
        !roles.includes(pair.slice(pair.lastIndexOf('=') + 1)) &&
        `GANGLION_OIDC_ROLE_MAP: "${pair}" must be <theirs>=<one of ${roles.join(', ')}>`,
    ),
    ...oidcScopes.map((scope) => !isScope(scope) && `GANGLION_OIDC_SCOPES: "${scope}" is no scope`),
  ];
}

/** Whoever could change the provider's answers on their way could sign tokens. */
function isSafeIssuer(issuer: string): boolean {
  if (!URL.canParse(issuer)) return false;
  const { protocol, hostname, search, hash } = new URL(issuer);
  const isOfThisMachine = protocol === 'http:' && isLoopbackHost(hostname.replace(/^\[|\]$/g, ''));
  return (protocol === 'https:' || isOfThisMachine) && search === '' && hash === '';
}
