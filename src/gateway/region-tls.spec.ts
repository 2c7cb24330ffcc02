import type { Region } from '../config/region.js';
import { requireHostname } from '../shared/hostname.js';
import { RegionTls } from './region-tls.js';

const [EU, US] = ['eu', 'us'] as Region[];
const BASE = requireHostname('onetime.example');
const EU_HOST = requireHostname('eu.onetime.example');
const US_HOST = requireHostname('us.onetime.example');

const hosts = { regionOf: (hostname: string) => (hostname === US_HOST ? US : EU) };

describe(RegionTls, () => {
  it('has the same for a region and its own hosts, the base domain included, and another for each region', () => {
    const tls = new RegionTls(hosts);
    expect(tls.ofOwn(EU_HOST)).toBe(tls.of(EU));
    expect(tls.ofOwn(BASE)).toBe(tls.of(EU));
    expect(tls.ofOwn(US_HOST)).toBe(tls.of(US));
    expect(tls.of(US)).not.toBe(tls.of(EU));
    expect(tls.of(US).tickets.usable()).not.toEqual(tls.of(EU).tickets.usable());
  });

  it('renews tickets in each region from a moment on', () => {
    const tls = new RegionTls(hosts);
    expect(tls.of(EU).renewsTickets).toBe(false);
    tls.renewTickets();
    expect([tls.of(EU), tls.of(US)].map(({ renewsTickets }) => renewsTickets)).toEqual([
      true,
      true,
    ]);
  });
});
