import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { NetworkList, networkOf } from '../shared/network.js';
import { clientAddressOf, isForwardedHttps, requestHostOf } from './request-host.js';

const NONE = new NetworkList([]);
const PROXIES = new NetworkList(['10.0.0.0/8']);

function request(
  headers: readonly [string, string][],
  { url = '/', peer = '203.0.113.9' } = {},
): IncomingMessage {
  const socket = new Socket();
  Object.defineProperty(socket, 'remoteAddress', { value: peer });
  const message = new IncomingMessage(socket);
  message.url = url;
  message.rawHeaders = headers.flat();
  for (const [name, value] of headers) message.headers[name.toLowerCase()] ??= value;
  return message;
}

describe('requestHostOf', () => {
  it('reads the host of an ordinary request', () => {
    expect(requestHostOf(request([['Host', 'EU.onetime.localhost.:8443']]), NONE)).toEqual({
      hostname: 'eu.onetime.localhost',
      isForwarded: false,
    });
  });

  it.each<[string, readonly [string, string][], string]>([
    ['no host', [], '/'],
    [
      'two hosts',
      [
        ['Host', 'a.example'],
        ['host', 'b.example'],
      ],
      '/',
    ],
    [
      'the same host twice',
      [
        ['Host', 'a.example'],
        ['Host', 'a.example'],
      ],
      '/',
    ],
    ['an IP literal', [['Host', '127.0.0.1']], '/'],
    ['an empty host', [['Host', '']], '/'],
    ['a target that names another host', [['Host', 'a.example']], 'https://b.example/'],
    ['a target that is neither path nor URL', [['Host', 'a.example']], 'b.example:443'],
    [
      'an authority that differs from the host',
      [
        [':authority', 'a.example'],
        ['Host', 'b.example'],
      ],
      '/',
    ],
  ])('refuses %s', (_what, headers, url) => {
    expect(requestHostOf(request(headers, { url }), NONE)).toBeNull();
  });

  it('accepts a target in absolute form that names the same host', () => {
    const absolute = request([['Host', 'a.example']], { url: 'https://A.example:8443/x' });
    expect(requestHostOf(absolute, NONE)?.hostname).toBe('a.example');
  });

  it('uses a forwarded host from a trusted proxy only', () => {
    const headers: [string, string][] = [
      ['Host', 'a.example'],
      ['X-Forwarded-Host', 'b.example'],
    ];
    expect(requestHostOf(request(headers), PROXIES)?.hostname).toBe('a.example');
    expect(requestHostOf(request(headers), NONE)?.hostname).toBe('a.example');
    expect(requestHostOf(request(headers, { peer: '10.1.2.3' }), PROXIES)).toEqual({
      hostname: 'b.example',
      isForwarded: true,
    });
  });

  it('refuses several forwarded hosts', () => {
    const headers: [string, string][] = [
      ['Host', 'a.example'],
      ['X-Forwarded-Host', 'b.example, c.example'],
    ];
    expect(requestHostOf(request(headers, { peer: '10.1.2.3' }), PROXIES)).toBeNull();
  });
});

describe('clientAddressOf', () => {
  const headers: [string, string][] = [['X-Forwarded-For', '198.51.100.1, 203.0.113.7, 10.9.9.9']];

  it('ignores X-Forwarded-For from a peer that is not a trusted proxy', () => {
    expect(clientAddressOf(request(headers), PROXIES)).toBe('203.0.113.9');
    expect(clientAddressOf(request(headers, { peer: '10.1.2.3' }), NONE)).toBe('10.1.2.3');
  });

  it('is the last hop that is not a trusted proxy', () => {
    expect(clientAddressOf(request(headers, { peer: '10.1.2.3' }), PROXIES)).toBe('203.0.113.7');
  });
});

describe('a hop of X-Forwarded-For', () => {
  it.each([
    ['203.0.113.7:4711', '203.0.113.7'],
    ['203.0.113.7', '203.0.113.7'],
    ['"203.0.113.7:4711"', '203.0.113.7'],
    ['[2001:db8::1]:4711', '2001:db8::1'],
    ['[2001:db8::1]', '2001:db8::1'],
    ['"[2001:db8::1]"', '2001:db8::1'],
    ['"[2001:db8::1]:4711"', '2001:db8::1'],
    ['2001:db8::1', '2001:db8::1'],
    ['"2001:db8::1"', '2001:db8::1'],
    ['::ffff:203.0.113.7', '::ffff:203.0.113.7'],
    ['203.0.113.7, 10.9.9.9:80', '203.0.113.7'],
    ['203.0.113.7, ,', '203.0.113.7'],
  ])('%s is the address %s', (value, address) => {
    const forwarded = request([['X-Forwarded-For', value]], { peer: '10.1.2.3' });
    expect(clientAddressOf(forwarded, PROXIES)).toBe(address);
  });

  it.each([
    'unknown',
    '_hidden',
    'client.example',
    '203.0.113.7:port',
    '203.0.113.7:',
    '203.0.113',
    '1',
    '0313.0.113.7',
    '203.0.113.256:80',
    '[203.0.113.7',
    '[]',
    '[2001:db8::1]:123456',
    '"',
    '2001:db8::1::2',
    '203.0.113.7 10.9.9.9',
  ])('%s is no address, and the hop before it is not believed', (value) => {
    const forwarded = request([['X-Forwarded-For', `198.51.100.1, ${value}`]], {
      peer: '10.1.2.3',
    });
    const address = clientAddressOf(forwarded, PROXIES);
    expect([address, networkOf(address)]).toEqual(['unknown', 'unknown']);
  });

  it('that is empty leaves the address of the peer', () => {
    const forwarded = request([['X-Forwarded-For', ' , ']], { peer: '10.1.2.3' });
    expect(clientAddressOf(forwarded, PROXIES)).toBe('10.1.2.3');
  });
});

describe('isForwardedHttps', () => {
  it('uses X-Forwarded-Proto from a trusted proxy only', () => {
    const headers: [string, string][] = [['X-Forwarded-Proto', 'https']];
    expect(isForwardedHttps(request(headers, { peer: '10.1.2.3' }), PROXIES)).toBe(true);
    expect(isForwardedHttps(request(headers), PROXIES)).toBe(false);
    expect(isForwardedHttps(request([], { peer: '10.1.2.3' }), PROXIES)).toBe(false);
  });

  it.each([
    ['HTTPS', true],
    ['https, https', true],
    [' https ,https', true],
    ['http', false],
    ['http, https', false],
    ['https, http', false],
    ['', false],
    ['https,', false],
    ['httpsx', false],
  ])('reads %j as %s', (value, isHttps) => {
    const forwarded = request([['X-Forwarded-Proto', value]], { peer: '10.1.2.3' });
    expect(isForwardedHttps(forwarded, PROXIES)).toBe(isHttps);
  });
});
