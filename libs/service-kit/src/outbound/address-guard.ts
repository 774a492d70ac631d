import { lookup, type LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';

/** A target that Ganglion does not connect to for others. Its message names the host, never what it resolved to. */
export class AddressDenied extends Error {
  override readonly name = 'AddressDenied';

  constructor(host: string) {
    super(`${host} is not at a public address. Private targets are allowed by GANGLION_OUTBOUND_ALLOW.`);
  }
}

/**
 * Says which addresses may be connected to on behalf of others: public unicast ones, and ranges that are allowed by
 * name. A name is resolved once, all its addresses are checked, and the connection goes to one of those: a name that
 * resolves to another address a moment later changes nothing.
 */
export class AddressGuard {
  private readonly allowed: readonly [ipaddr.IPv4 | ipaddr.IPv6, number][];

  /** @param allow Ranges such as `10.1.0.0/16`. @throws Error when one is no range. */
  constructor(allow: readonly string[]) {
    this.allowed = allow.map((range) => ipaddr.parseCIDR(range));
  }

  /** Whether an IP address may be connected to. */
  permits(address: string): boolean {
    if (!ipaddr.isValid(address)) return false;
    // An IPv4 address in IPv6's clothes counts as what it is.
    const parsed = ipaddr.process(address);
    return parsed.range() === 'unicast' || this.isAllowed(parsed);
  }

  /** Whether an IP address is in a range that is allowed by name. */
  private isAllowed(address: ipaddr.IPv4 | ipaddr.IPv6): boolean {
    return this.allowed.some(
      ([range, bits]) => address.kind() === range.kind() && address.match(range, bits),
    );
  }

  /** Whether a URL's host is an address in a range that is allowed by name. */
  allowsByName({ hostname }: URL): boolean {
    const address = hostname.replace(/^\[|\]$/g, '');
    return isIP(address) !== 0 && this.isAllowed(ipaddr.process(address));
  }

  /** @throws AddressDenied when a URL's host is an address that is denied: that one is never looked up. */
  refuseLiteral({ hostname }: URL): void {
    const address = hostname.replace(/^\[|\]$/g, '');
    if (isIP(address) !== 0 && !this.permits(address)) throw new AddressDenied(hostname);
  }

  /** For `http.request` and sockets: resolves a name to addresses that are all permitted, or fails. */
  readonly lookup: LookupFunction = (host, options, done) => {
    lookup(host, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
      if (error) return done(error, '', 0);
      const [first] = addresses;
      if (first === undefined || addresses.some(({ address }) => !this.permits(address))) {
        return done(new AddressDenied(host), '', 0);
      }
      if (options.all === true) return done(null, addresses as never);
      done(null, first.address, first.family);
    });
  };
}
