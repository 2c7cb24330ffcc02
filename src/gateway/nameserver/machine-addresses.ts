import { isIPv6 } from 'node:net';
import { networkInterfaces } from 'node:os';
import { isAnyAddress } from '../../config/listeners.js';

export type Interfaces = ReturnType<typeof networkInterfaces>;

/**
 * The addresses for one socket each. A socket on every address answers from the address that the route leads over, and
 * a resolver drops what comes from another than it has asked. So `0.0.0.0` is each IPv4 address that the machine has
 * now, `::` each IPv6 address, and alone both.
 */
export function machineAddresses(
  addresses: readonly string[],
  interfaces: Interfaces = networkInterfaces(),
): string[] {
  const all = Object.values(interfaces)
    .flatMap((each) => each ?? [])
    // Link-local addresses need the interface beside them.
    .filter(({ address }) => !/^fe[89ab]/i.test(address))
    .map(({ address }) => address);
  const isDual = addresses.length === 1 && addresses[0] === '::';
  const meant = addresses.flatMap((address) => {
    if (!isAnyAddress(address)) return [address];
    return all.filter((each) => isDual || isIPv6(each) === isIPv6(address));
  });
  return [...new Set(meant)];
}
