import { describe, expect, it } from '@jest/globals';
import { AddressGuard } from './address-guard.js';

const guard = new AddressGuard(['10.1.0.0/16', 'fd00::/8']);

describe('AddressGuard', () => {
  it.each(['8.8.8.8', '2606:4700::1111', '10.1.2.3', '::ffff:10.1.2.3', 'fd12::1'])(
    'permits %s',
    (address) => {
      expect(guard.permits(address)).toBe(true);
    },
  );

  it.each([
    ...['127.0.0.1', '10.0.0.1', '172.16.0.1', '192.168.1.1', '169.254.169.254', '100.64.0.1', '0.0.0.0'],
    ...['224.0.0.1', '240.0.0.1', '255.255.255.255', '192.0.0.1', '198.18.0.1', '192.0.2.1'],
    ...['::', '::1', '::127.0.0.1', '::ffff:127.0.0.1', '::ffff:7f00:1', 'fe80::1', 'fec0::1', 'ff02::1'],
    ...['64:ff9b::7f00:1', '2002:7f00:1::', '2001:0:7f00:1::', '2001:db8::1', 'fc00::1', 'no address', ''],
  ])('denies %s', (address) => {
    expect(guard.permits(address)).toBe(false);
  });

  it.each(['http://2130706433/', 'http://0x7f.1/', 'http://[::ffff:127.0.0.1]/', 'http://017700000001/'])(
    'denies %s, whatever its spelling',
    (url) => {
      expect(() => guard.refuseLiteral(new URL(url))).toThrow(/not at a public address/);
    },
  );

  it('denies a name that resolves to a private address, for one address and for all', async () => {
    for (const options of [{}, { all: true }]) {
      const error = await new Promise((resolve) => guard.lookup('localhost', options, resolve));
      expect(error).toMatchObject({
        name: 'AddressDenied',
        message: expect.not.stringContaining('127.0.0.1'),
      });
    }
  });

  it('gives the addresses that it has checked', async () => {
    const open = new AddressGuard(['127.0.0.0/8', '::1/128']);
    const address = await new Promise((resolve) =>
      open.lookup('localhost', {}, (error, found) => resolve(error ?? found)),
    );
    expect(['127.0.0.1', '::1']).toContain(address);
  });
});
