import type { SecureContext } from 'node:tls';
import type { HostServer } from '../certificates/contexts/host-server.js';
import type { SecureContexts } from '../certificates/contexts/secure-contexts.js';
import type { Hostname } from '../shared/hostname.js';
import type { Network } from '../shared/network.js';
import type { CustomDomainLookup } from './custom-domain-lookup.js';
import type { HostTable } from './host-table.js';
import type { LookupLimiter } from './lookup-limiter.js';
import type { SniContextSource } from './tls-listener.js';

type Found = HostServer | null | Promise<HostServer | null>;

interface SniContextsParts {
  /**
   * Contexts of the own hosts, issued by the local authority; null with a CA, when the cells' databases hold them.
   * A promise until the process has opened the authority.
   */
  readonly ownContexts: () => SecureContexts | null | Promise<SecureContexts | null>;
  readonly hosts: Pick<HostTable, 'cells' | 'isOwn' | 'ownCell'>;
  readonly customDomains: CustomDomainLookup;
  readonly limiter: LookupLimiter;
}

/** The certificates of the TLS listener: for own hosts, for custom domains that serve, and for TLS-ALPN-01 challenges. */
export class SniContexts implements SniContextSource {
  constructor(private readonly parts: SniContextsParts) {}

  isServable(hostname: Hostname, network: Network): boolean | Promise<boolean> {
    const { customDomains, hosts } = this.parts;
    if (hosts.isOwn(hostname)) {
      const ownContexts = this.parts.ownContexts();
      if (ownContexts instanceof Promise)
        return ownContexts.then(() => this.isServable(hostname, network));
      if (ownContexts !== null) return ownContexts.isServable(hostname);
      const found = hosts.ownCell(hostname)?.names.hostServer(hostname) ?? null;
      return found instanceof Promise ? found.then(exists) : exists(found);
    }
    const found = customDomains.find(hostname, network);
    return found instanceof Promise ? found.then(exists) : exists(found);
  }

  find(hostname: Hostname): Found {
    const { customDomains, hosts } = this.parts;
    if (hosts.isOwn(hostname)) {
      const ownContexts = this.parts.ownContexts();
      if (ownContexts instanceof Promise) return ownContexts.then(() => this.find(hostname));
      if (ownContexts !== null) return ownContexts.find(hostname);
      return hosts.ownCell(hostname)?.names.hostServer(hostname) ?? null;
    }
    const found = customDomains.find(hostname, null);
    if (found instanceof Promise) {
      return found.then((name) => name?.cell.names.hostServer(hostname) ?? null);
    }
    return found?.cell.names.hostServer(hostname) ?? null;
  }

  /** One query in each cell, for any name: a CA validates a name before the name serves. */
  async findChallenge(hostname: Hostname, network: Network): Promise<SecureContext | null> {
    const { limiter, hosts } = this.parts;
    if (!limiter.takeToken(network)) return null;
    const found = await Promise.all(hosts.cells.map(({ names }) => names.tlsAlpnContext(hostname)));
    const context = found.find((each) => each !== null) ?? null;
    if (context !== null) limiter.returnToken(network);
    return context;
  }
}

function exists(found: object | null): boolean {
  return found !== null;
}
