import fc from 'fast-check';
import { parseHostname } from './hostname.js';

describe('parseHostname', () => {
  it.each([
    ['Secrets.ACME.example.', 'secrets.acme.example'],
    ['münchen.example', 'xn--mnchen-3ya.example'],
    ['MÜNCHEN.example', 'xn--mnchen-3ya.example'],
    ['xn--mnchen-3ya.example', 'xn--mnchen-3ya.example'],
    ['eu.onetime.localhost', 'eu.onetime.localhost'],
    [`${'a'.repeat(63)}.example`, `${'a'.repeat(63)}.example`],
  ])('reads %s as %s', (text, hostname) => {
    expect(parseHostname(text)).toBe(hostname);
  });

  it.each([
    '',
    '.',
    'localhost',
    'a..b',
    '.a.example',
    'a.example..',
    'a.example:443',
    '[::1]',
    '1.2.3.4',
    '127.1',
    '0x7f.0.0.1',
    '*.a.example',
    'a_b.example',
    '-a.example',
    'a-.example',
    'a.example/x',
    'a.example?x',
    'a.example\\x',
    'a%2eexample.com',
    'a\t.example',
    'a b.example',
    'user@a.example',
    `${'a'.repeat(64)}.example`,
    `${'a.'.repeat(130)}example`,
    'ü'.repeat(5000),
    'xn--a.example',
  ])('refuses %j', (text) => {
    expect(parseHostname(text)).toBeNull();
  });

  it('returns only lower-case LDH labels, and is idempotent', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.domain()), (text) => {
        const hostname = parseHostname(text);
        if (hostname === null) return;
        expect(hostname).toMatch(/^[a-z0-9.-]{3,253}$/);
        expect(parseHostname(hostname)).toBe(hostname);
      }),
    );
  });
});
