import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/**
 * `public`: where anyone's server may stand. `private`: this machine, a local network, a group.
 * `reserved`: no server of anyone's (documentation, future use, tunnels that embed another address).
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

/** An IPv4 address written as an IPv6 one counts as private whatever it holds: no DNS record has use for it. */
export function addressKind(address: string): AddressKind {
  // Not what ipaddr.js accepts: to it `127.1` is an address.
  if (isIP(address) === 0 || address.includes('%')) return 'invalid';
  const range: string = ipaddr.parse(address).range();
  if (range === 'unicast') return 'public';
  return PRIVATE_RANGES.has(range) || range === 'ipv4Mapped' ? 'private' : 'reserved';
}

/** One spelling for each address, so that `2001:DB8:0::1` equals `2001:db8::1`; what is no address stays as it is. */
export function canonicalAddress(address: string): string {
  return isIP(address) !== 0 ? ipaddr.parse(address).toString() : address;
}

/** The addresses that a probe may connect to: public ones, and the region's own wherever they are. */
export function connectableAddresses(
  addresses: readonly string[],
  ingressAddresses: readonly string[],
): string[] {
  const own = new Set(ingressAddresses.map(canonicalAddress));
  return addresses
    .map(canonicalAddress)
    .filter((address) => own.has(address) || addressKind(address) === 'public');
}
