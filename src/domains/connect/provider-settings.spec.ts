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

  it('never throws', () => {
    fc.assert(fc.property(fc.jsonValue(), (body) => read(body) === null));
  });
});
