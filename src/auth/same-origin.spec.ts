import { isSameOrigin } from './same-origin.js';

const HOST = 'eu.onetime.localhost:8443';
const ORIGIN = `https://${HOST}`;

describe(isSameOrigin.name, () => {
  it.each([
    ['a current browser', { 'sec-fetch-site': 'same-origin', origin: ORIGIN }],
    ['a browser behind a proxy that changes Host', { 'sec-fetch-site': 'same-origin', host: 'x' }],
    ['an older browser', { host: HOST, origin: ORIGIN }],
    ['an older browser over HTTP/2', { ':authority': HOST, origin: ORIGIN }],
    ['the bare base domain', { host: 'onetime.localhost', origin: 'https://onetime.localhost' }],
    ['an explicit default port', { host: 'a.example:443', origin: 'https://a.example' }],
    ['Host in capitals', { host: 'A.EXAMPLE', origin: 'https://a.example' }],
  ])('passes %s', (_name, headers) => {
    expect(isSameOrigin(headers, ORIGIN)).toBe(true);
  });

  it.each([
    [
      'another site',
      { 'sec-fetch-site': 'cross-site', host: HOST, origin: 'https://evil.example' },
    ],
    [
      'another site, whatever its Origin',
      { 'sec-fetch-site': 'cross-site', host: HOST, origin: ORIGIN },
    ],
    [
      'another host of the same site',
      { 'sec-fetch-site': 'same-site', host: HOST, origin: ORIGIN },
    ],
    ['an older browser on another site', { host: HOST, origin: 'https://evil.example' }],
    ['another port', { host: HOST, origin: 'https://eu.onetime.localhost' }],
    ['plain HTTP', { host: HOST, origin: `http://${HOST}` }],
    ['an opaque origin', { host: HOST, origin: 'null' }],
    ['a program', { host: HOST }],
    ['a navigation from the address bar', { 'sec-fetch-site': 'none', host: HOST }],
    ['two values in one header', { 'sec-fetch-site': 'same-origin, cross-site', host: HOST }],
    ['no host at all', { origin: 'null' }],
    ['an invalid host', { host: ':::', origin: 'null' }],
  ])('refuses %s', (_name, headers) => {
    expect(isSameOrigin(headers, ORIGIN)).toBe(false);
  });
});
