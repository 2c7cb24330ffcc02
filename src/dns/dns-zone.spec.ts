import { valueOf } from './dns-message.js';
import { DnsZone } from './dns-zone.js';

describe(DnsZone.name, () => {
  const zone = new DnsZone();
  const ask = (name: string, type = 'A') => {
    const { rcode, answers } = zone.answer(name, type);
    return [rcode, ...answers.map(valueOf)];
  };

  beforeEach(() => {
    for (const { name } of zone.list()) zone.clear(name);
    zone.set('a.b.example.test', 'A', ['192.0.2.1', '192.0.2.2']);
    zone.set('*.wild.test', 'A', ['192.0.2.3']);
  });

  it('answers NXDOMAIN or NODATA, and has empty non-terminals', () => {
    expect(ask('A.b.EXAMPLE.test.')).toEqual(['NOERROR', '192.0.2.1', '192.0.2.2']);
    expect(ask('a.b.example.test', 'TXT')).toEqual(['NOERROR']);
    expect(ask('b.example.test')).toEqual(['NOERROR']);
    expect(ask('c.example.test')).toEqual(['NXDOMAIN']);
    expect(ask('never.seen')).toEqual(['NOERROR']);
  });

  it('expands a wildcard unless a closer name exists', () => {
    expect(ask('x.wild.test')).toEqual(['NOERROR', '192.0.2.3']);
    expect(ask('y.x.wild.test')).toEqual(['NOERROR', '192.0.2.3']);
    zone.set('x.wild.test', 'TXT', ['t']);
    expect(ask('x.wild.test')).toEqual(['NOERROR']);
    expect(ask('y.x.wild.test')).toEqual(['NXDOMAIN']);
  });

  it('follows CNAME records and stops in a loop', () => {
    zone.set('alias.test.test', 'CNAME', ['x.wild.test.']);
    expect(ask('alias.test.test')).toEqual(['NOERROR', 'x.wild.test', '192.0.2.3']);
    expect(ask('alias.test.test', 'CNAME')).toEqual(['NOERROR', 'x.wild.test']);
    zone.set('alias.test.test', 'CNAME', ['nobody.example.test']);
    expect(ask('alias.test.test')).toEqual(['NXDOMAIN', 'nobody.example.test']);
    zone.set('alias.test.test', 'CNAME', ['alias.test.test']);
    expect(ask('alias.test.test')[0]).toBe('NOERROR');
  });

  it('replaces, clears and lists records', () => {
    zone.set('a.b.example.test', 'A', ['192.0.2.9']);
    zone.set('a.b.example.test', 'TXT', ['one', 'two'], 5);
    zone.clear('A.b.example.test', 'A');
    zone.clear('*.wild.test');
    expect(zone.list()).toEqual(
      ['one', 'two'].map((value) => ({
        name: 'a.b.example.test',
        type: 'TXT',
        value,
        ttlSeconds: 5,
      })),
    );
  });

  it.each([
    ['x.test', 'A', '2001:db8::1'],
    ['x.test', 'AAAA', '192.0.2.1'],
    ['x.test', 'CNAME', 'not a name'],
    ['x.test', 'CAA', 'letsencrypt.org'],
    ['x.test', 'TXT', ''],
    ['not a name', 'TXT', 'x'],
  ] as const)('refuses %s %s %s', (name, type, value) => {
    expect(() => zone.set(name, type, [value])).toThrow(/not (a DNS name|the value of)/);
  });
});
