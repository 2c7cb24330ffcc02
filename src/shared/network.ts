import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import { boundedCache } from './bounded-cache.js';

/** The network of an address, for limits and logs: /24 for IPv4, /48 for IPv6. The address itself is not logged. */
export type Network = string;

const ADDRESSES_REMEMBERED = 10_000;
const PREFIX_V4 = 24;
const PREFIX_V6 = 48;

/** `203.0.113.9` becomes `203.0.113.0/24`, `2001:db8:1:2::3` becomes `2001:db8:1::/48`, any other text `unknown`. */
export const networkOf = remembered((address: string): Network => {
  if (isIP(address) === 0) return 'unknown';
  const parsed = ipaddr.process(address);
  return parsed instanceof ipaddr.IPv4
    ? `${ipaddr.IPv4.networkAddressFromCIDR(`${parsed.toString()}/${PREFIX_V4}`).toString()}/${PREFIX_V4}`
    : `${ipaddr.IPv6.networkAddressFromCIDR(`${parsed.toString()}/${PREFIX_V6}`).toString()}/${PREFIX_V6}`;
});

/** The networks under which the requests of a client are counted. Kept in memory or as a hash, never logged. */
export interface ClientNetworks {
  /** One IPv4 address, or the /64 that a connection has in IPv6. */
  readonly near: string;
  /** The /48 around an IPv6 /64, of which a customer may have 65,536; null for IPv4. */
  readonly wide: string | null;
}

const NEAR_V6 = 64;

/** `203.0.113.9`: near `203.0.113.9/32`. `2001:db8:1:2::3`: near `2001:db8:1:2::/64`, wide `2001:db8:1::/48`. */
export const clientNetworksOf = remembered((address: string): ClientNetworks => {
  if (isIP(address) === 0) return { near: 'unknown', wide: null };
  const parsed = ipaddr.process(address);
  if (parsed instanceof ipaddr.IPv4) return { near: `${parsed.toString()}/32`, wide: null };
  const near = ipaddr.IPv6.networkAddressFromCIDR(`${parsed.toString()}/${NEAR_V6}`);
  return { near: `${near.toString()}/${NEAR_V6}`, wide: networkOf(address) };
});

/** Parsing costs some microseconds, and each connection and request asks several times. */
function remembered<Value extends {}>(compute: (address: string) => Value) {
  const known = boundedCache<string, Value>(ADDRESSES_REMEMBERED);
  return (address: string): Value => {
    const found = known.get(address);
    if (found !== undefined) return found;
    const value = compute(address);
    known.set(address, value);
    return value;
  };
}

/** By what fair lines take turns: the widest network of a client. */
export function turnOf({ near, wide }: ClientNetworks): string {
  return wide ?? near;
}

/** A set of networks in CIDR notation. A single address is a network of one. */
export class NetworkList {
  readonly #ranges: readonly Range[];

  /** @throws on text that is neither an address nor CIDR notation */
  constructor(networks: readonly string[]) {
    this.#ranges = networks.map(rangeOf);
  }

  get isEmpty(): boolean {
    return this.#ranges.length === 0;
  }

  contains(address: string): boolean {
    if (this.isEmpty || isIP(address) === 0) return false;
    const parsed = ipaddr.process(address);
    return this.#ranges.some(
      ([range, bits]) => parsed.kind() === range.kind() && parsed.match(range, bits),
    );
  }
}

type Range = readonly [address: ipaddr.IPv4 | ipaddr.IPv6, bits: number];

const MAPPED_BITS = 96;

/** ipaddr.js alone would read `10.1/16` as 10.0.0.1/16, and `010.0.0.1` as 8.0.0.1. */
function rangeOf(text: string): Range {
  const [address = '', bits, ...rest] = text.split('/');
  if (isIP(address) === 0 || rest.length > 0) throw new Error(`${text} is no network`);
  const parsed = ipaddr.parse(address);
  const all = parsed.kind() === 'ipv4' ? 32 : 128;
  const count = bits === undefined ? all : /^\d{1,3}$/.test(bits) ? Number(bits) : NaN;
  if (!(count <= all)) throw new Error(`${text} is no network`);
  // The addresses that it is compared with are IPv4 then.
  return parsed instanceof ipaddr.IPv6 && parsed.isIPv4MappedAddress() && count >= MAPPED_BITS
    ? [parsed.toIPv4Address(), count - MAPPED_BITS]
    : [parsed, count];
}
