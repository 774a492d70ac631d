import { defineEnvironment, type Settings } from '@ganglion/service-kit/environment';

/** Who may call. */
export const authEnvironment = defineEnvironment({
  anonymous: {
    env: 'GANGLION_ANONYMOUS',
    type: 'boolean',
    default: false,
    doc: 'Whether programs of this machine may call without a key, as the role `caller`. Not behind a proxy: docs/security.md.',
  },
  trustedProxies: {
    env: 'GANGLION_TRUSTED_PROXIES',
    type: 'list',
    default: [],
    doc: 'Addresses of proxies (CIDRs, comma-separated) whose `X-Forwarded-For` tells the client’s address. None, unless told otherwise.',
  },
  oidcIssuer: {
    env: 'GANGLION_OIDC_ISSUER',
    type: 'string',
    default: null,
    doc: 'Issuer of an OpenID provider (`https://…`) whose JWTs are taken beside API keys.',
  },
  oidcAudience: {
    env: 'GANGLION_OIDC_AUDIENCE',
    type: 'string',
    default: null,
    doc: 'What a JWT must name as its audience; must be set with the issuer.',
  },
  oidcAlgorithms: {
    env: 'GANGLION_OIDC_ALGORITHMS',
    type: 'list',
    default: ['RS256', 'PS256', 'ES256', 'EdDSA'],
    doc: 'Signatures that are taken, comma-separated. Never `none`, nor one by a shared secret (`HS256`).',
  },
  oidcClockSkewSeconds: {
    env: 'GANGLION_OIDC_CLOCK_SKEW_S',
    type: 'integer',
    min: 0,
    max: 900,
    default: 60,
    doc: 'By how much the provider’s clock may be off, in seconds.',
  },
  oidcTenantClaim: {
    env: 'GANGLION_OIDC_TENANT_CLAIM',
    type: 'string',
    default: null,
    doc: 'Claim that names the tenant; without it all are of the tenant `default`. `a.b` reaches into objects.',
  },
  oidcRolesClaim: {
    env: 'GANGLION_OIDC_ROLES_CLAIM',
    type: 'string',
    default: null,
    doc: 'Claim that lists roles; without it all are `caller`. `realm_access.roles` reaches into objects.',
  },
  oidcRoleMap: {
    env: 'GANGLION_OIDC_ROLE_MAP',
    type: 'list',
    default: [],
    doc: 'Whose role is which here, comma-separated: `ml-ops=operator,ward=clinician`. Without it, equal names are meant.',
  },
  oidcScopesClaim: {
    env: 'GANGLION_OIDC_SCOPES_CLAIM',
    type: 'string',
    default: 'scope',
    doc: 'Claim that lists scopes, as a list or divided by spaces; what is no scope of ours in it (`openid`) is passed over.',
  },
  oidcScopes: {
    env: 'GANGLION_OIDC_SCOPES',
    type: 'list',
    default: [],
    doc: 'Scopes that every JWT has beside its own, comma-separated, such as `*` or `nlp:*`.',
  },
});

export type AuthSettings = Settings<typeof authEnvironment>;
