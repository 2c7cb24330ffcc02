import { isAtOrUnder } from '../../dns/dns-name.js';
import { NetworkList } from '../../shared/network.js';

/** A CDN or reverse proxy service. */
export interface ProxyNetwork {
  readonly name: string;
  readonly networks: NetworkList;
  /** Parent names of the CNAME targets that it gives its customers. */
  readonly suffixes: readonly string[];
  /** Its `Server` header. */
  readonly server: RegExp | null;
}

export const CLOUDFLARE = 'Cloudflare';

/** As published by the operators. A missing one only makes the text of an issue less exact: the probe decides. */
const PROXIES: readonly ProxyNetwork[] = [
  {
    name: CLOUDFLARE,
    networks: new NetworkList([
      '173.245.48.0/20',
      '103.21.244.0/22',
      '103.22.200.0/22',
      '103.31.4.0/22',
      '141.101.64.0/18',
      '108.162.192.0/18',
      '190.93.240.0/20',
      '188.114.96.0/20',
      '197.234.240.0/22',
      '198.41.128.0/17',
      '162.158.0.0/15',
      '104.16.0.0/13',
      '104.24.0.0/14',
      '172.64.0.0/13',
      '131.0.72.0/22',
      '2400:cb00::/32',
      '2606:4700::/32',
      '2803:f800::/32',
      '2405:b500::/32',
      '2405:8100::/32',
      '2a06:98c0::/29',
      '2c0f:f248::/32',
    ]),
    suffixes: ['cdn.cloudflare.net'],
    server: /^cloudflare/i,
  },
  {
    name: 'Fastly',
    networks: new NetworkList([
      '151.101.0.0/16',
      '199.232.0.0/16',
      '2a04:4e40::/32',
      '2a04:4e42::/32',
    ]),
    suffixes: ['fastly.net', 'fastlylb.net'],
    server: null,
  },
  named('Amazon CloudFront', ['cloudfront.net'], /^cloudfront/i),
  named('Akamai', ['akamai.net', 'akamaiedge.net', 'edgekey.net', 'edgesuite.net'], /^akamai/i),
  named('Azure Front Door', ['azurefd.net', 'azureedge.net'], null),
  named('Bunny', ['b-cdn.net'], /^bunnycdn/i),
  named('Imperva', ['incapdns.net', 'impervadns.net'], null),
  named('Sucuri', ['sucuri.net'], /^sucuri/i),
];

function named(name: string, suffixes: readonly string[], server: RegExp | null): ProxyNetwork {
  return { name, networks: new NetworkList([]), suffixes, server };
}

export interface ProxySigns {
  /** Addresses of the name that are not of this region. */
  readonly addresses: readonly string[];
  readonly chain: readonly string[];
  /** The `Server` header of an answer that came from such an address. */
  readonly server: string | null;
}

/** The name of the proxy that the signs indicate, or null. */
export function findProxy(signs: ProxySigns): string | null {
  const proxy = PROXIES.find(
    ({ networks, suffixes, server }) =>
      signs.addresses.some((address) => networks.contains(address)) ||
      signs.chain.some((name) => suffixes.some((suffix) => isAtOrUnder(name, suffix))) ||
      (signs.server !== null && server?.test(signs.server) === true),
  );
  return proxy?.name ?? null;
}
