import * as fc from 'fast-check';
import { requireHostname } from '../../shared/hostname.js';
import {
  parseDiscoveryValue,
  parsePanelUrl,
  parseProviderUrl,
  urlOf,
} from './discovery-address.js';

const BASE = requireHostname('onetime.example');

describe(parseDiscoveryValue.name, () => {
  it.each([
    ['api.dns.example', 'api.dns.example', ''],
    ['API.dns.example/', 'api.dns.example', ''],
    ['api.dns.example/client/v4/dns', 'api.dns.example', '/client/v4/dns'],
    [' api.dns.example ', 'api.dns.example', ''],
    ['xn--bcher-kva.example', 'xn--bcher-kva.example', ''],
  ])('reads %s', (text, host, path) => {
    expect(parseDiscoveryValue(text, BASE)).toEqual({ host, path });
  });

  it.each([
    '',
    'paddle-verification=abc',
    'http://api.dns.example',
    'https://api.dns.example',
    'a b',
    'localhost',
    '10.0.0.1',
    '127.1',
    '0x7f.0.0.1',
    '[::1]',
    '2001:db8::1',
    'x.example:8443',
    'user@x.example',
    'user:pw@x.example',
    'bücher.example',
    'x.example?y=1',
    'x.example#y',
    'x.example/..',
    'x.example/../admin',
    'x.example/./a',
    'x.example//a',
    'x.example/%2e%2e',
    'x.example/a b',
    'x.example\\@y.example',
    'x.example\n.evil.example',
    '.x.example',
    'x..example',
    '-x.example',
    'x_y.example',
    'x.example.',
    'onetime.example',
    'eu.onetime.example',
    'EU.ONETIME.EXAMPLE/path',
    `${'a'.repeat(300)}.example`,
    `x.example/${'a'.repeat(300)}`,
  ])('refuses %j', (text) => {
    expect(parseDiscoveryValue(text, BASE)).toBeNull();
  });

  it('of any text gives an address whose host and path a URL parser reads the same way', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.domain(), fc.webUrl(), fc.ipV4()), (text) => {
        const parsed = parseDiscoveryValue(text, BASE);
        if (parsed === null) return;
        const url = new URL(urlOf(parsed));
        expect([url.hostname, url.port, url.username, url.search, url.hash]).toEqual([
          parsed.host,
          '',
          '',
          '',
          '',
        ]);
        expect(url.pathname.replace(/^\/$/, '')).toBe(parsed.path);
      }),
    );
  });
});

describe(parseProviderUrl.name, () => {
  it('reads https addresses by the same rules', () => {
    expect(parseProviderUrl('HTTPS://api.dns.example/v2', BASE)).toEqual({
      host: 'api.dns.example',
      path: '/v2',
    });
    for (const text of ['http://api.dns.example', 'https://127.0.0.1', 'https://x.example:444', ''])
      expect(parseProviderUrl(text, BASE)).toBeNull();
  });
});

describe(parsePanelUrl.name, () => {
  it.each([
    ['https://panel.example/?domain=%domain%', 'https://panel.example/?domain=acme.test'],
    ['https://panel.example/zones/%DOMAIN%/dns#a', 'https://panel.example/zones/acme.test/dns#a'],
    ['https://panel.example', 'https://panel.example'],
  ])('reads %s', (text, url) => {
    expect(parsePanelUrl(text, 'acme.test', BASE)).toBe(url);
  });

  it.each([
    'javascript:alert(1)',
    'http://panel.example',
    'https://panel.example:8443/',
    'https://user@panel.example/',
    'https://192.0.2.1/',
    'https://eu.onetime.example/account',
    'https://panel.example/"onmouseover=',
    'https://panel.example/<script>',
    'https://panel.example\\.evil.example/',
  ])('refuses %s', (text) => {
    expect(parsePanelUrl(text, 'acme.test', BASE)).toBeNull();
  });
});
