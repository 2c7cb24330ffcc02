import { NetworkList, networkOf } from './network.js';

describe('networkOf', () => {
  it.each([
    ['203.0.113.9', '203.0.113.0/24'],
    ['::ffff:203.0.113.9', '203.0.113.0/24'],
    ['2001:db8:1:2::3', '2001:db8:1::/48'],
    ['nonsense', 'unknown'],
  ])('puts %s into %s', (address, network) => {
    expect(networkOf(address)).toBe(network);
  });
});

describe(NetworkList.name, () => {
  const list = new NetworkList(['10.0.0.0/8', '192.0.2.7', '2001:db8::/32']);

  it.each(['10.9.8.7', '::ffff:10.1.1.1', '192.0.2.7', '2001:db8::1'])('contains %s', (address) => {
    expect(list.contains(address)).toBe(true);
  });

  it.each(['11.0.0.1', '192.0.2.8', '2001:db9::1', 'garbage', ''])(
    'does not contain %j',
    (address) => {
      expect(list.contains(address)).toBe(false);
    },
  );

  it('refuses text that is not a network', () => {
    expect(() => new NetworkList(['10.0.0.0/40'])).toThrow();
    expect(() => new NetworkList(['somewhere'])).toThrow();
  });

  it.each([
    '10.1/16',
    '010.0.0.1',
    '10',
    '0x50',
    '1/0',
    '10.0.0.0/',
    '10.0.0.0/8/8',
    '10.0.0.0/-1',
  ])('refuses %s, which could mean another network', (text) => {
    expect(() => new NetworkList([text])).toThrow(text);
  });

  it('takes a mapped network for the IPv4 network that it is', () => {
    expect(new NetworkList(['::ffff:10.0.0.0/104']).contains('10.9.8.7')).toBe(true);
  });
});
