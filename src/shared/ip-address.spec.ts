import { addressKind, canonicalAddress, connectableAddresses } from './ip-address.js';

describe('addresses that a probe may connect to', () => {
  it.each([
    ['8.8.8.8', 'public'],
    ['2606:4700::1111', 'public'],
    ['10.0.0.1', 'private'],
    ['172.16.0.1', 'private'],
    ['192.168.1.1', 'private'],
    ['100.64.0.1', 'private'],
    ['127.0.0.1', 'private'],
    ['169.254.169.254', 'private'],
    ['0.0.0.0', 'private'],
    ['224.0.0.1', 'private'],
    ['255.255.255.255', 'private'],
    ['::1', 'private'],
    ['::', 'private'],
    ['fe80::1', 'private'],
    ['fd00::1', 'private'],
    ['ff02::1', 'private'],
    ['::ffff:10.0.0.1', 'private'],
    ['::ffff:8.8.8.8', 'private'],
    ['::127.0.0.1', 'private'],
    ['64:ff9b::a00:1', 'reserved'],
    ['2002:a00:1::1', 'reserved'],
    ['2001::1', 'reserved'],
    ['192.0.2.1', 'reserved'],
    ['240.0.0.1', 'reserved'],
    ['4000::1', 'reserved'],
    ['200::1', 'reserved'],
    ['1fff:ffff::1', 'reserved'],
    ['64:ff9b:1::1', 'reserved'],
    ['2001:1ff:ffff::1', 'reserved'],
    ['2001:200::1', 'public'],
    ['3ffe::1', 'public'],
    ['3fff:fff::1', 'reserved'],
    ['5f00::1', 'reserved'],
    ['2620:4f:8000::1', 'reserved'],
    ['168.63.129.16', 'private'],
    ['169.254.170.2', 'private'],
    ['100.100.100.200', 'private'],
    ['fd00:ec2::254', 'private'],
    ['192.0.0.192', 'reserved'],
    ['198.19.255.255', 'reserved'],
    ['192.88.99.1', 'reserved'],
    ['192.31.196.1', 'reserved'],
    ['192.52.193.1', 'reserved'],
    ['192.175.48.1', 'reserved'],
    ['127.1', 'invalid'],
    ['0x7f.0.0.1', 'invalid'],
    ['fe80::1%eth0', 'invalid'],
    ['localhost', 'invalid'],
  ])('classifies %s as %s', (address, kind) => {
    expect(addressKind(address)).toBe(kind);
  });

  it('are public, or addresses of the region of any kind', () => {
    const seen = ['10.0.0.1', '10.0.0.2', '8.8.8.8', 'FD00:0::1', 'localhost', '2606:4700::1'];
    expect(connectableAddresses(seen, ['10.0.0.2', 'fd00::1'])).toEqual([
      '10.0.0.2',
      '8.8.8.8',
      'fd00::1',
      '2606:4700::1',
    ]);
  });

  it('have one canonical spelling', () => {
    expect(canonicalAddress('2001:DB8:0:0::1')).toBe('2001:db8::1');
    expect(canonicalAddress('nonsense')).toBe('nonsense');
  });
});
