import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import { NetworkList } from './network.js';

/**
 * `public`: global unicast. `private`: loopback, local networks, multicast, the metadata servers of clouds.
 * `reserved`: no host (documentation, future use, tunnels that embed another address).
 */
export type AddressKind = 'public' | 'private' | 'reserved' | 'invalid';

const PRIVATE_RANGES = new Set([
  'private',
  'carrierGradeNat',
  'loopback',
  'linkLocal',
  'uniqueLocal',
  'deprecatedSiteLocal',
  'unspecified',
  'multicast',
  'broadcast',
]);

/** The only part of IPv6 that IANA has allocated as global unicast; the library counts all of the rest as unicast. */
const GLOBAL_IPV6 = new NetworkList(['2000::/3']);

/** The special blocks within it: IETF protocols, documentation, 6to4, AS112. */
const SPECIAL_IPV6 = new NetworkList([
  '2001::/23',
  '2001:db8::/32',
  '2002::/16',
  '2620:4f:8000::/48',
  '3fff::/20',
]);

// Azure answers there with metadata and configuration, to its own machines only. Those of other clouds are link-local.
const METADATA = new NetworkList(['168.63.129.16/32']);

/** An IPv4-mapped IPv6 address is private, whatever it maps: no AAAA record needs one. */
export function addressKind(address: string): AddressKind {
  // ipaddr.js alone would accept `127.1`.
  if (isIP(address) === 0 || address.includes('%')) return 'invalid';
  const parsed = ipaddr.parse(address);
  const range: string = parsed.range();
  if (METADATA.contains(address)) return 'private';
  if (range === 'unicast') {
    const isGlobal =
      parsed.kind() === 'ipv4' ||
      (GLOBAL_IPV6.contains(address) && !SPECIAL_IPV6.contains(address));
    return isGlobal ? 'public' : 'reserved';
  }
  return PRIVATE_RANGES.has(range) || range === 'ipv4Mapped' ? 'private' : 'reserved';
}

/** One spelling per address, so that `2001:DB8:0::1` equals `2001:db8::1`. Other text is returned unchanged. */
export function canonicalAddress(address: string): string {
  return isIP(address) !== 0 ? ipaddr.parse(address).toString() : address;
}

/** The addresses that a probe may connect to: public ones and all of the region itself. */
export function connectableAddresses(
  addresses: readonly string[],
  ingressAddresses: readonly string[],
): string[] {
  const own = new Set(ingressAddresses.map(canonicalAddress));
  return addresses
    .map(canonicalAddress)
    .filter((address) => own.has(address) || addressKind(address) === 'public');
}
