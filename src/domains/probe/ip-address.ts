import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/**
 * `public`: global unicast. `private`: loopback, local networks, multicast.
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

/** An IPv4-mapped IPv6 address is private, whatever it maps: no AAAA record needs one. */
export function addressKind(address: string): AddressKind {
  // ipaddr.js alone would accept `127.1`.
  if (isIP(address) === 0 || address.includes('%')) return 'invalid';
  const range: string = ipaddr.parse(address).range();
  if (range === 'unicast') return 'public';
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
