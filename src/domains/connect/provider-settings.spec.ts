import * as fc from 'fast-check';
import { requireHostname } from '../../shared/hostname.js';
import { readProviderSettings } from './provider-settings.js';

const BASE = requireHostname('onetime.example');
const WHOLE = {
  providerId: 'dns.example',
  providerName: 'DNS Example',
  providerDisplayName: 'Example DNS',
  urlSyncUX: 'https://panel.dns.example/connect',
  urlAsyncUX: 'https://panel.dns.example',
  urlAPI: 'https://api.dns.example',
  urlControlPanel: 'https://panel.dns.example/?domain=%domain%',
  width: '750',
  height: 600,
  nameServers: ['ns1.dns.example'],
};
const read = (body: unknown) => readProviderSettings(body, 'acme.test', BASE);

describe(readProviderSettings.name, () => {
  it('reads the settings of a provider, numbers as strings too', () => {
    expect(read(WHOLE)).toEqual({
      id: 'dns.example',
      name: 'Example DNS',
      api: { host: 'api.dns.example', path: '' },
      syncUrl: 'https://panel.dns.example/connect',
      controlPanel: 'https://panel.dns.example/?domain=acme.test',
      width: 750,
      height: 600,
    });
  });

  it('reads the least that a provider says, and leaves out what it may not say', () => {
    expect(read({ providerId: 'a', urlAPI: 'https://api.dns.example' })).toMatchObject({
      name: 'a',
      syncUrl: null,
      controlPanel: null,
      width: 750,
    });
    expect(
      read({
        ...WHOLE,
        urlSyncUX: 'https://panel.dns.example:8443',
        urlControlPanel: 7,
        width: 1e9,
      }),
    ).toMatchObject({ syncUrl: null, controlPanel: null, width: 750 });
  });

  it.each([
    [null],
    ['text'],
    [[WHOLE]],
    [{ ...WHOLE, providerId: '../x' }],
    [{ ...WHOLE, providerId: '' }],
    [{ ...WHOLE, urlAPI: 'http://api.dns.example' }],
    [{ ...WHOLE, urlAPI: 'https://169.254.169.254/' }],
    [{ ...WHOLE, urlAPI: 'https://eu.onetime.example/api' }],
    [{ ...WHOLE, urlAPI: 'https://api.dns.example/?x=1' }],
  ])('refuses %j', (body) => {
    expect(read(body)).toBeNull();
  });

  it('shows a name in one short line', () => {
    const providerName = `Bad\u202Eeman\n\0${'x'.repeat(200)}\uD800`;
    const name = read({ ...WHOLE, providerDisplayName: '', providerName })?.name ?? '';
    expect(name).toMatch(/^Bad eman x+$/);
    expect(name.length).toBeLessThanOrEqual(60);
  });

  it.each([
    ['width', { toString: 1, valueOf: 1 }, 750],
    ['width', [[[600]]], 600],
    ['width', 'NaN', 750],
    ['width', 1e308, 750],
    ['width', 600.5, 750],
    ['width', -600, 750],
    ['width', null, 750],
    ['width', '0x258', 600],
  ])('of %s %j makes a whole number of pixels', (field, value, pixels) => {
    expect(read({ ...WHOLE, [field]: value })?.width).toBe(pixels);
  });

  it.each([
    ['urlSyncUX', 'https://user:pw@panel.dns.example/'],
    ['urlSyncUX', 'https://panel.dns.example:443/'],
    ['urlSyncUX', 'https://panel.dns.example/?a=1'],
    ['urlSyncUX', 'https://panel.dns.example/#a'],
    ['urlSyncUX', 'https:/\\panel.dns.example'],
    ['urlSyncUX', 'https:panel.dns.example'],
    ['urlSyncUX', '//panel.dns.example'],
    ['urlSyncUX', 'https://panel.dns.example\u0000.evil.example'],
    ['urlSyncUX', 'https://\u2025.dns.example'],
    ['urlSyncUX', 'https://eu.onetime.example'],
    ['urlSyncUX', 'https://2130706433/'],
    ['urlSyncUX', ['https://panel.dns.example']],
    ['urlSyncUX', { href: 'https://panel.dns.example' }],
  ])('leads no browser to %s %j', (field, value) => {
    expect(read({ ...WHOLE, [field]: value })?.syncUrl ?? null).toBeNull();
  });

  it.each([
    'https://user:pw@api.dns.example',
    'https://api.dns.example:8443',
    'https://[::1]/',
    'https://[::ffff:7f00:1]/',
    'https://127.0.0.1.',
    'https://0x7f000001/',
    'https://api.dns.example@127.0.0.1/',
    'https://api.dns.example\\@127.0.0.1/',
    'https://api.dns.example%2f@127.0.0.1/',
    'ftp://api.dns.example',
    'https://onetime.example',
    'https://EU.Onetime.Example/api',
    7,
    ['https://api.dns.example'],
    null,
  ])('asks nothing of %j', (urlAPI) => {
    expect(read({ ...WHOLE, urlAPI })).toBeNull();
  });

  it('takes nothing from a prototype', () => {
    expect(
      read(JSON.parse('{"__proto__":{"providerId":"a","urlAPI":"https://api.dns.example"}}')),
    ).toBeNull();
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.jsonValue(), (body) => read(body) === null));
  });
});
