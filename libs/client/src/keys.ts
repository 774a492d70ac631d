import { encodeRequest } from './encode-request.js';
import type { CallOptions, Transport } from './transport.js';

/** An API key as it is shown: never its secret. */
export interface ApiKey {
  /** Not the key itself. */
  readonly id: string;
  readonly name: string;
  /** `<service>:<operation>`, `<service>:*` or `*`. */
  readonly scopes: readonly string[];
  readonly tenant: string;
  /** The first characters of the key, to tell keys apart. */
  readonly prefix: string;
  readonly createdAt: string;
  readonly expiresAt: string | null;
  readonly revokedAt: string | null;
}

export interface CreatedApiKey extends ApiKey {
  /** The secret; it is shown this once. */
  readonly key: string;
}

export interface NewApiKey {
  /** What the key is for. */
  readonly name: string;
  /** `['*']` unless told otherwise. */
  readonly scopes?: readonly string[];
  /** ISO 8601; never unless told otherwise. */
  readonly expiresAt?: string;
}

interface KeyPage {
  readonly data: readonly ApiKey[];
  readonly hasMore: boolean;
}

const LARGEST_PAGE = 100;

/** The tenant's API keys. Each call may throw a `GanglionError`. */
export class Keys {
  constructor(private readonly transport: Transport) {}

  /** Makes a key. Not sent again when the reply was lost, or there might be two. */
  async create(key: NewApiKey, options?: CallOptions): Promise<CreatedApiKey> {
    const request = encodeRequest({ method: 'POST', path: '/v1/keys' }, key);
    return (await this.transport.send(request, { retrySafe: false }, options)) as CreatedApiKey;
  }

  /** Every key, newest first; pages are fetched as they are needed. */
  async *list(options?: CallOptions): AsyncGenerator<ApiKey> {
    let after: string | undefined;
    for (;;) {
      const request = encodeRequest({ method: 'GET', path: '/v1/keys' }, { limit: LARGEST_PAGE, after });
      const page = (await this.transport.send(request, { retrySafe: true }, options)) as KeyPage;
      yield* page.data;
      after = page.data.at(-1)?.id;
      if (!page.hasMore || after === undefined) return;
    }
  }

  /** Revokes a key for ever. */
  async revoke(id: string, options?: CallOptions): Promise<ApiKey> {
    const request = encodeRequest({ method: 'DELETE', path: '/v1/keys/{id}' }, { id });
    return (await this.transport.send(request, { retrySafe: true }, options)) as ApiKey;
  }
}
