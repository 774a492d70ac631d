import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { importJWK, SignJWT, type JWTPayload } from 'jose';
import { Provider, type Configuration } from 'oidc-provider';

export const AUDIENCE = 'https://ganglion.example';

const client = { client_id: 'machine', client_secret: 'of the machine, 32 characters and more' };

/** A signing key, as an OpenID provider keeps it. */
const newKey = (kid: string) => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
  return { ...privateKey.export({ format: 'jwk' }), kid, alg: 'RS256', use: 'sig' };
};

/** A real OpenID provider, and what it signs with. */
export interface TestProvider {
  readonly issuer: string;
  /** A token by the client credentials grant, as a machine gets it. */
  grant(scope: string): Promise<string>;
  /** A token with any claims, signed by the provider's own key. */
  sign(claims: JWTPayload, header?: { kid?: string; alg?: string }): Promise<string>;
  stop(): Promise<void>;
}

function configurationWith(key: ReturnType<typeof newKey>): Configuration {
  return {
    jwks: { keys: [key as never] },
    clients: [
      {
        ...client,
        grant_types: ['client_credentials'],
        redirect_uris: [],
        response_types: [],
        token_endpoint_auth_method: 'client_secret_post',
      },
    ],
    scopes: ['nlp:sentiment', 'canteen:menu', 'canteen:order'],
    extraTokenClaims: () => ({ org: 'acme', realm: { roles: ['cooks'] } }),
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => AUDIENCE,
        getResourceServerInfo: () => ({
          scope: 'nlp:sentiment canteen:menu canteen:order',
          audience: AUDIENCE,
          accessTokenTTL: 600,
          accessTokenFormat: 'jwt',
          jwt: { sign: { alg: 'RS256' } },
        }),
      },
    },
  };
}

/** @param port That it had before, for one that comes back with other keys. */
export async function startProvider(port = 0): Promise<TestProvider> {
  const key = newKey(randomUUID());
  // The issuer holds the port, which is known once it listens.
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const callback = new Provider(issuer, configurationWith(key)).callback();
  server.on('request', (request, response) => void callback(request, response));
  return {
    issuer,
    grant: async (scope) => {
      const body = new URLSearchParams({ ...client, grant_type: 'client_credentials', scope });
      const response = await fetch(`${issuer}/token`, { method: 'POST', body });
      const { access_token: token, ...rest } = (await response.json()) as { access_token?: string };
      if (token === undefined) throw new Error(JSON.stringify(rest));
      return token;
    },
    sign: async (claims, { kid = key.kid, alg = 'RS256' } = {}) =>
      new SignJWT(claims).setProtectedHeader({ alg, kid }).sign(await importJWK(key as never, 'RS256')),
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
