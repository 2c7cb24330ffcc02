import { defaultLimits, parseLimits, PUBLIC_CA_LIMITS } from './acme-limits.js';

describe('the limits of a CA', () => {
  it.each([
    ['https://acme-v02.api.letsencrypt.org/directory', PUBLIC_CA_LIMITS],
    ['https://acme-staging-v02.api.letsencrypt.org/directory', PUBLIC_CA_LIMITS],
    ['https://dv.acme-v02.api.pki.goog/directory', PUBLIC_CA_LIMITS],
    ['https://ca.internal:9000/acme/acme/directory', {}],
    ['https://notletsencrypt.org/directory', {}],
    ['https://127.0.0.1:14000/dir', {}],
  ])('are by default those of public CAs, and none for others: %s', (url, limits) => {
    expect(defaultLimits(url)).toEqual(limits);
  });

  it('are read from count and seconds', () => {
    expect(parseLimits('off')).toEqual({});
    expect(parseLimits('orders=1500/10800, name=5/604800')).toEqual({
      newOrders: { count: 1500, periodSeconds: 10_800 },
      certificatesPerName: { count: 5, periodSeconds: 604_800 },
    });
  });

  it.each([
    '',
    'none',
    'orders',
    'orders=0/60',
    'orders=5/604801',
    'orders=1/1,orders=2/1',
    'x=1/1',
    'orders=1',
  ])('are refused as %j', (text) => {
    expect(parseLimits(text)).toBeNull();
  });
});
