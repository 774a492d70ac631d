import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { AddressGuard } from './address-guard.js';

export interface GuardedPost {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** For all of it: name, connection, request and the answer's head. */
  readonly timeoutMs: number;
}

/** An answer's head is a few lines; a longer one is nobody's friend. */
const MAX_HEADER_BYTES = 16 * 1024;

/**
 * Posts to an address that somebody else chose. Redirects are not followed, and of the answer its status alone is read:
 * the connection is closed then, so that no body can fill memory.
 *
 * @returns HTTP status.
 * @throws AddressDenied when the target is not permitted
 * @throws Error when it cannot be reached, or does not answer in time
 */
export function postGuarded(guard: AddressGuard, post: GuardedPost): Promise<number> {
  const url = new URL(post.url);
  guard.refuseLiteral(url);
  const send = url.protocol === 'https:' ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    const request = send(url, {
      method: 'POST',
      headers: { ...post.headers, 'content-length': String(Buffer.byteLength(post.body)) },
      lookup: guard.lookup,
      agent: false,
      maxHeaderSize: MAX_HEADER_BYTES,
    });
    const timer = setTimeout(
      () => request.destroy(new Error(`No answer within ${post.timeoutMs} ms.`)),
      post.timeoutMs,
    );
    request.on('response', (response) => {
      resolve(response.statusCode ?? 0);
      request.destroy();
    });
    request.on('error', reject);
    request.on('close', () => {
      clearTimeout(timer);
      reject(new Error('The connection ended without an answer.'));
    });
    request.end(post.body);
  });
}
