import type { ZoneRecordType } from '../../src/dns/dns-zone.js';
import type { ChallengeTestServer } from './challtestsrv.js';
import { TestDnsServer } from './dns-server.js';

const TTL_SECONDS = 1;

/**
 * The name server of the customers for a real resolver. pebble-challtestsrv is none: it compares names with their case, and
 * its negative answers are of another zone.
 */
export async function startAuthoritativeDns(): Promise<ChallengeTestServer> {
  const server = await TestDnsServer.start();
  // It follows no alias out of its zone.
  server.fault('*', 'authoritative');
  const { zone } = server;
  const set = async (host: string, type: ZoneRecordType, values: readonly string[]) =>
    zone.set(host, type, values, TTL_SECONDS);
  const clear = async (host: string, type: ZoneRecordType) => zone.clear(host, type);
  const textsAt = (host: string) =>
    zone
      .list()
      .filter(({ name, type }) => name === host && type === 'TXT')
      .map(({ value }) => value);
  return {
    dnsServer: server.address,
    setA: (host, addresses) => set(host, 'A', addresses),
    clearA: (host) => clear(host, 'A'),
    setAaaa: (host, addresses) => set(host, 'AAAA', addresses),
    clearAaaa: (host) => clear(host, 'AAAA'),
    // No other record may be beside it.
    setCname: async (host, target) => {
      zone.clear(host);
      await set(host, 'CNAME', [target]);
    },
    clearCname: (host) => clear(host, 'CNAME'),
    addTxt: (host, value) => set(host, 'TXT', [...textsAt(host), value]),
    clearTxt: (host) => clear(host, 'TXT'),
    setCaa: (host, policies) =>
      set(
        host,
        'CAA',
        policies.map(({ tag, value }) => `0 ${tag} "${value}"`),
      ),
    clearCaa: (host) => clear(host, 'CAA'),
    setServfail: async (host) => server.fault(host, 'servfail'),
    clearServfail: async (host) => server.fault(host, null),
    stop: () => server.stop(),
  };
}
