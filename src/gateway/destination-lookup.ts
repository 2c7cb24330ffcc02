import type { IncomingMessage } from 'node:http';
import type { Hostname } from '../shared/hostname.js';
import type { Network } from '../shared/network.js';
import { onBehalfOf } from '../shared/requester.js';
import type { CustomDomainLookup, LocatedDomain } from './custom-domain-lookup.js';
import type { Destination } from './destination.js';
import type { HostTable } from './host-table.js';
import type { RequestHost } from './request-host.js';
import { sniOfRequest } from './tls-listener.js';

const UNKNOWN: Destination = { kind: 'unknown' };
const UNAVAILABLE: Destination = { kind: 'unavailable' };

/** Finds the destination of a request: one of the gateway's own hosts or a custom domain, by its Host. */
export class DestinationLookup {
  constructor(
    private readonly hosts: HostTable,
    private readonly customDomains: CustomDomainLookup,
  ) {}

  /** Synchronous for own hosts and for custom domains in the cache. A query waits in the client's turn. Never rejects. */
  find(
    request: IncomingMessage,
    host: RequestHost,
    clientOf: () => { readonly network: Network; readonly turn: string },
  ): Destination | Promise<Destination> {
    const own = this.hosts.find(host.hostname, request);
    if (own.kind !== 'unknown') return own;
    // A connection for one name must not reveal whether another name is served here.
    if (isMisdirected(request, host)) return UNKNOWN;
    const { network, turn } = clientOf();
    return onBehalfOf(turn, () => this.#findCustom(host.hostname, network));
  }

  #findCustom(hostname: Hostname, network: Network): Destination | Promise<Destination> {
    const found = this.customDomains.find(hostname, network);
    return found instanceof Promise
      ? found.then((located) => this.#destinationOf(located, network)).catch(() => UNAVAILABLE)
      : this.#destinationOf(found, network);
  }

  #destinationOf(
    found: LocatedDomain | null,
    network: Network,
  ): Destination | Promise<Destination> {
    if (found === null) return UNKNOWN;
    const { redirectsTo } = found.domain;
    if (redirectsTo === null) return inCell(found);
    const main = this.customDomains.find(redirectsTo, network);
    return main instanceof Promise
      ? main.then((located) => redirectOrStay(found, located)).catch(() => inCell(found))
      : redirectOrStay(found, main);
  }
}

/** Whether the Host differs from the SNI of the connection (RFC 9110 section 15.5.20). */
export function isMisdirected(request: IncomingMessage, host: RequestHost): boolean {
  const sni = host.isForwarded ? null : sniOfRequest(request);
  return sni !== null && sni !== host.hostname;
}

/** While the main name does not serve, or serves another account, the second one does. */
function redirectOrStay(second: LocatedDomain, main: LocatedDomain | null): Destination {
  const isPair =
    main !== null &&
    main.cell === second.cell &&
    main.domain.ownerId === second.domain.ownerId &&
    main.domain.redirectsTo === null;
  return isPair ? { kind: 'redirect', to: main.domain.hostname } : inCell(second);
}

function inCell({ cell, domain }: LocatedDomain): Destination {
  return { kind: 'cell', cell, tenant: cell.names.tenantOf(domain) };
}
