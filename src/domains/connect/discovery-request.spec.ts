import { isConnectable } from './discovery-request.js';

const own = { ownAddresses: ['93.184.216.34', '2606:4700::0010', '127.0.0.1'], reachesOwn: false };

describe(isConnectable, () => {
  it('is true of a public address of somebody else', () => {
    expect(isConnectable('93.184.216.35', own)).toBe(true);
    expect(isConnectable('2606:4700::11', own)).toBe(true);
  });

  it.each([
    ['our own address', '93.184.216.34'],
    ['our own address in another spelling', '2606:4700:0:0::10'],
    ['loopback', '127.0.0.1'],
    ['a private network', '10.0.0.1'],
    ['a shared network', '100.64.0.1'],
    ['a link', 'fe80::1'],
    ['metadata', '169.254.169.254'],
    ['the metadata of Azure', '168.63.129.16'],
    ['IPv4 in IPv6', '::ffff:93.184.216.35'],
    ['IPv4 in IPv6, the old way', '::127.0.0.1'],
    ['NAT64', '64:ff9b::7f00:1'],
    ['6to4', '2002:7f00:1::1'],
    ['Teredo', '2001:0:7f00:1::1'],
    ['a unique local address', 'fd00::1'],
    ['an address with a zone', 'fe80::1%eth0'],
    ['any address', '0.0.0.0'],
    ['a number', '2130706433'],
    ['short notation', '127.1'],
    ['nothing', ''],
  ])('is false of %s', (_what, address) => {
    expect(isConnectable(address, own)).toBe(false);
  });

  it('in tests is true of our own addresses, and of no other private one', () => {
    const inTests = { ...own, reachesOwn: true };
    expect(isConnectable('127.0.0.1', inTests)).toBe(true);
    expect(isConnectable('127.0.0.2', inTests)).toBe(false);
  });
});
