import { BlockList, isIPv4, isIPv6 } from 'node:net';
import { DEFAULT_TENANT } from '@ganglion/contracts/wire';
import type { FastifyRequest } from 'fastify';
import type { Caller } from './caller.js';

/** Whoever calls from this machine without a key, where that is allowed. */
export const ANONYMOUS: Caller = {
  credential: 'anonymous',
  keyId: 'anonymous',
  tenant: DEFAULT_TENANT,
  roles: ['caller'],
  scopes: ['*'],
  limits: {},
  expiresAtMs: Infinity,
};

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

/** Headers that only a proxy writes, or a client that would be taken for one. */
const PROXY_HEADER =
  /^(forwarded|via|x-forwarded(-.*)?|x-real-ip|x-(cluster-)?client-ip|(cf|fastly)-.*-ip|true-client-ip)$/;

/**
 * Whether a request was made on this machine, by a program or a page of this machine: what came by a proxy, or what a
 * page of somewhere else made a browser send, was not.
 */
export function isOfThisMachine({ raw, headers }: Pick<FastifyRequest, 'raw' | 'headers'>): boolean {
  const { origin, host = '' } = headers;
  return (
    isLoopbackAddress(raw.socket.remoteAddress ?? '') &&
    !Object.keys(headers).some((name) => PROXY_HEADER.test(name)) &&
    // A name that somebody made to point here (DNS rebinding) is not ours.
    isLoopbackUrl(`http://${host}`) &&
    (origin === undefined || isLoopbackUrl(origin)) &&
    headers['sec-fetch-site'] !== 'cross-site'
  );
}

/** @param host Address or name that a server listens on. */
export function isLoopbackHost(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost') || isLoopbackAddress(host);
}

function isLoopbackAddress(address: string): boolean {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '');
  if (isIPv4(plain)) return LOOPBACK.check(plain, 'ipv4');
  return isIPv6(plain) && LOOPBACK.check(plain, 'ipv6');
}

function isLoopbackUrl(url: string): boolean {
  if (!URL.canParse(url)) return false;
  return isLoopbackHost(new URL(url).hostname.replace(/^\[|\]$/g, ''));
}
