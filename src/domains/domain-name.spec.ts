import * as fc from 'fast-check';
import { requireHostname } from '../shared/hostname.js';
import { namePartsOf, otherOfPair, parseDomainName, type ParsedDomainName } from './domain-name.js';

const rules = { baseDomain: requireHostname('onetime.example'), allowsReservedTlds: false };

function parse(text: string, allowsReservedTlds = false): ParsedDomainName {
  return parseDomainName(text, { ...rules, allowsReservedTlds });
}

function refusalOf(text: string): string | null {
  const parsed = parse(text);
  return parsed.ok ? null : parsed.refusal.code;
}

describe(otherOfPair, () => {
  const otherOf = (text: string): string | null => {
    const parsed = parse(text);
    if (!parsed.ok) throw new Error(parsed.refusal.code);
    return otherOfPair(parsed.name);
  };
  const parsedHostname = (text: string) => {
    const parsed = parse(text);
    return parsed.ok ? parsed.name.hostname : null;
  };

  it.each([
    ['example.com', 'www.example.com'],
    ['example.co.uk', 'www.example.co.uk'],
    ['foo.github.io', 'www.foo.github.io'],
    ['münchen.de', 'www.xn--mnchen-3ya.de'],
    // Registered names that are called www themselves.
    ['www.com', 'www.www.com'],
    ['www.co.uk', 'www.www.co.uk'],
    ['www.ck', 'www.www.ck'],
    ['city.kawasaki.jp', 'www.city.kawasaki.jp'],
    [`${'a'.repeat(63)}.co.uk`, `www.${'a'.repeat(63)}.co.uk`],
  ])('of %s is %s, and the other way round', (apex, www) => {
    expect(otherOf(apex)).toBe(www);
    expect(otherOf(www)).toBe(parsedHostname(apex));
  });

  it.each(['secrets.example.com', 'www.secrets.example.com', 'www.www.example.com', 'wwww.a.com'])(
    'is none of %s',
    (name) => {
      expect(otherOf(name)).toBeNull();
    },
  );
});

describe(parseDomainName, () => {
  it.each([
    ['secrets.example.co.uk', 'secrets.example.co.uk', 'example.co.uk', false],
    ['  Secrets.Example.COM. ', 'secrets.example.com', 'example.com', false],
    ['example.com', 'example.com', 'example.com', true],
    ['foo.github.io', 'foo.github.io', 'foo.github.io', true],
    ['münchen.de', 'xn--mnchen-3ya.de', 'xn--mnchen-3ya.de', true],
    ['XN--MNCHEN-3YA.de', 'xn--mnchen-3ya.de', 'xn--mnchen-3ya.de', true],
  ])('parses %j', (text, hostname, registrableDomain, isApex) => {
    expect(parse(text)).toMatchObject({ ok: true, name: { hostname, registrableDomain, isApex } });
  });

  it('keeps the U-label for display', () => {
    expect(parse('geheim.xn--mnchen-3ya.de')).toMatchObject({
      ok: true,
      name: { displayName: 'geheim.münchen.de' },
    });
  });

  it.each([
    ['', 'DOMAIN_INVALID'],
    ['example', 'DOMAIN_INVALID'],
    ['192.0.2.1', 'DOMAIN_INVALID'],
    ['[2001:db8::1]', 'DOMAIN_INVALID'],
    ['2001:db8::1', 'DOMAIN_INVALID'],
    ['0x7f.1', 'DOMAIN_INVALID'],
    ['my_secrets.example.com', 'DOMAIN_INVALID'],
    ['https://secrets.example.com', 'DOMAIN_INVALID'],
    ['secrets.example.com:443', 'DOMAIN_INVALID'],
    ['*.example.com', 'DOMAIN_INVALID'],
    ['a..example.com', 'DOMAIN_INVALID'],
    ['example.com\0', 'DOMAIN_INVALID'],
    ['a.b.c.d.e.f.g.h.i.example.com', 'DOMAIN_INVALID'],
    [
      `${'a'.repeat(63)}.${'b'.repeat(63)}.${'c'.repeat(63)}.${'d'.repeat(40)}.com`,
      'DOMAIN_INVALID',
    ],
    ['secrets.nosuchtld', 'DOMAIN_INVALID'],
    ['co.uk', 'PUBLIC_SUFFIX'],
    ['github.io', 'PUBLIC_SUFFIX'],
    ['s3.amazonaws.com', 'PUBLIC_SUFFIX'],
    ['xn--0.com', 'IDN_INVALID'],
    ['a\u2024b.example.com/é', 'DOMAIN_INVALID'],
    ['♥.com\u0007é', 'IDN_INVALID'],
    ['onetime.example', 'RESERVED_NAME'],
    ['eu.onetime.example', 'RESERVED_NAME'],
    ['EU.ONETIME.EXAMPLE.', 'RESERVED_NAME'],
    ['a.ingress.onetime.example', 'RESERVED_NAME'],
    ['secrets.acme.test', 'RESERVED_NAME'],
    ['secrets.acme.localhost', 'RESERVED_NAME'],
    ['host.local', 'RESERVED_NAME'],
    ['1.2.0.192.in-addr.arpa', 'RESERVED_NAME'],
  ])('refuses %j as %s', (text, code) => {
    expect(refusalOf(text)).toBe(code);
  });

  it('accepts reserved top-level domains if allowed, but never the base domain', () => {
    expect(parse('secrets.acme.test', true)).toMatchObject({
      ok: true,
      name: { registrableDomain: 'acme.test', isApex: false },
    });
    expect(parse('us.onetime.example', true).ok).toBe(false);
    expect(parse('host.local', true).ok).toBe(false);
    expect(parse('test', true).ok).toBe(false);
  });

  it('accepts no name whose challenge name would exceed 253 characters', () => {
    fc.assert(
      fc.property(fc.domain({ size: 'large' }), (text) => {
        const parsed = parse(text);
        if (!parsed.ok) return;
        const challenge = `_onetime-challenge-abcdefg.${parsed.name.hostname}`;
        expect(challenge.length).toBeLessThanOrEqual(253);
      }),
    );
  });
});

describe(namePartsOf, () => {
  it.each([
    ['secrets.example.co.uk', { trd: 'secrets', sld: 'example', tld: 'co.uk' }],
    ['a.b.example.com', { trd: 'a.b', sld: 'example', tld: 'com' }],
    ['example.com', { trd: '', sld: 'example', tld: 'com' }],
  ])('splits %s', (text, parts) => {
    const parsed = parse(text);
    expect(parsed.ok && namePartsOf(parsed.name)).toEqual(parts);
  });
});
