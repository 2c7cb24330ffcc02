import type { IncomingMessage } from 'node:http';
import type { Network } from '../shared/network.js';
import type { CustomDomainLookup, LocatedDomain } from './custom-domain-lookup.js';
import type { Destination, HostTable } from './host-table.js';
import type { RequestHost } from './request-host.js';
import { sniOfRequest } from './tls-listener.js';

const UNKNOWN: Destination = { kind: 'unknown' };
const UNAVAILABLE: Destination = { kind: 'unavailable' };

/** Where requests go: to our own hosts, or to the custom domain that their Host names now. */
export class DestinationLookup {
  constructor(
    private readonly hosts: HostTable,
    private readonly customDomains: CustomDomainLookup,
  ) {}

  /** At once for our own hosts and for custom domains that are known. Never rejects. */
  find(
    request: IncomingMessage,
    host: RequestHost,
    networkOf: (request: IncomingMessage) => Network,
  ): Destination | Promise<Destination> {
    const own = this.hosts.find(host.hostname, request);
    if (own.kind !== 'unknown') return own;
    // A connection made for one customer's name is told nothing of another's, not even whether it is served.
    if (isMisdirected(request, host)) return UNKNOWN;
    const found = this.customDomains.find(host.hostname, networkOf(request));
    return found instanceof Promise
      ? found.then(destinationOf, () => UNAVAILABLE)
      : destinationOf(found);
  }
}

/** RFC 9110 §15.5.20: a connection made for one name carries no request for another. */
export function isMisdirected(request: IncomingMessage, host: RequestHost): boolean {
  const sni = host.isForwarded ? null : sniOfRequest(request);
  return sni !== null && sni !== host.hostname;
}

function destinationOf(found: LocatedDomain | null): Destination {
  if (found === null) return UNKNOWN;
  const { cell, domain } = found;
  return { kind: 'cell', cell, tenant: cell.names.tenantOf(domain) };
}
