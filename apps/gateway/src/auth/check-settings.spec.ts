import { readEnvironment } from '@ganglion/service-kit/environment';
import { describe, expect, it } from '@jest/globals';
import { authEnvironment } from './auth-environment.js';
import { checkAuthSettings } from './check-settings.js';

const check =
  (environment: Record<string, string>, host = '127.0.0.1') =>
  (): void =>
    checkAuthSettings({ ...readEnvironment(authEnvironment, environment), host });

const provider = { GANGLION_OIDC_ISSUER: 'https://id.example', GANGLION_OIDC_AUDIENCE: 'ganglion' };

describe('settings of who may call', () => {
  it.each([
    [{}],
    [{ GANGLION_ANONYMOUS: 'true' }],
    [{ GANGLION_TRUSTED_PROXIES: '10.0.0.0/8,::1,192.0.2.1' }],
    [provider],
    [{ ...provider, GANGLION_OIDC_ISSUER: 'http://127.0.0.1:9000' }],
    [{ ...provider, GANGLION_OIDC_ROLE_MAP: 'ml-ops=operator', GANGLION_OIDC_SCOPES: 'nlp:*' }],
  ])('fit: %j', (environment) => expect(check(environment)).not.toThrow());

  it.each([
    [{ GANGLION_ANONYMOUS: 'true', GANGLION_TRUSTED_PROXIES: '10.0.0.1' }, /exclude each other/],
    [{ GANGLION_TRUSTED_PROXIES: 'proxy.example' }, /"proxy.example", which is no address/],
    [{ GANGLION_TRUSTED_PROXIES: '0.0.0.0/0' }, /no address and no CIDR/],
    [{ GANGLION_OIDC_AUDIENCE: 'x' }, /needs GANGLION_OIDC_ISSUER/],
    [{ GANGLION_OIDC_ISSUER: 'https://id.example' }, /GANGLION_OIDC_AUDIENCE must be set/],
    [{ ...provider, GANGLION_OIDC_ISSUER: 'http://id.example' }, /must be https/],
    [{ ...provider, GANGLION_OIDC_ALGORITHMS: 'HS256' }, /"HS256" is no signature by a key pair/],
    [{ ...provider, GANGLION_OIDC_ALGORITHMS: 'none' }, /"none"/],
    [{ ...provider, GANGLION_OIDC_ROLE_MAP: 'a=root' }, /"a=root" must be/],
    [{ ...provider, GANGLION_OIDC_SCOPES: 'nlp.x' }, /"nlp.x" is no scope/],
  ])('do not fit: %j', (environment, words) => expect(check(environment)).toThrow(words));

  it('take no anonymous calls where others can reach the gateway, and tell all problems at once', () => {
    const environment = { GANGLION_ANONYMOUS: 'true', GANGLION_TRUSTED_PROXIES: 'x' };
    expect(check(environment, '0.0.0.0')).toThrow(/"0\.0\.0\.0"[\s\S]*exclude[\s\S]*"x"/);
  });
});
