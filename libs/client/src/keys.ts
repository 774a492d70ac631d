import type { CallOptions, Transport } from './transport.js';

/** An API key as it is shown: never its secret. */
export interface ApiKey {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly tenant: string;
  readonly prefix: string;
  readonly createdAt: string;
  readonly expiresAt: string | null;
  readonly revokedAt: string | null;
}

export interface NewApiKey {
  readonly name: string;
  /** `<service>:<operation>`, `<service>:*` or `*`; all that the asking key may do unless told otherwise. */
  readonly scopes?: readonly string[];
  /** ISO 8601; never unless told otherwise. */
  readonly expiresAt?: string;
}

/** The tenant's API keys. Each call may throw a `GanglionError`. */
export class Keys {
  constructor(private readonly transport: Transport) {}

  /** Makes a key; `key` of the result is its secret, and is shown this once. */
  async create(key: NewApiKey, options?: CallOptions): Promise<ApiKey & { readonly key: string }> {
    const request = { method: 'POST', path: '/v1/keys', body: JSON.stringify(key) };
    // A second key would be made if the first answer was lost on its way.
    const once = { ...options, maxRetries: options?.maxRetries ?? 0 };
    return (await this.transport.send(request, once)) as ApiKey & { readonly key: string };
  }

  /** Every key, newest first; pages are fetched as they are needed. */
  async *list(options?: CallOptions): AsyncGenerator<ApiKey> {
    let after = '';
    for (;;) {
      const path = after === '' ? '/v1/keys' : `/v1/keys?after=${encodeURIComponent(after)}`;
      const page = (await this.transport.send({ method: 'GET', path }, options)) as KeyPage;
      yield* page.data;
      const last = page.data.at(-1);
      if (!page.hasMore || last === undefined) return;
      after = last.id;
    }
  }

  /** Revokes a key for ever. */
  async revoke(id: string, options?: CallOptions): Promise<ApiKey> {
    const request = { method: 'DELETE', path: `/v1/keys/${encodeURIComponent(id)}` };
    return (await this.transport.send(request, options)) as ApiKey;
  }
}

interface KeyPage {
  readonly data: readonly ApiKey[];
  readonly hasMore: boolean;
}
