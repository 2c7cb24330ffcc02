import type { SecureContext } from 'node:tls';
import type { SecureContexts } from '../certificates/contexts/secure-contexts.js';
import type { Hostname } from '../shared/hostname.js';
import type { Network } from '../shared/network.js';
import type { CustomNames } from './custom-names.js';
import type { HostTable } from './host-table.js';
import type { MissBudget } from './miss-budget.js';
import type { TlsNameSource } from './tls-listener.js';

type Found = SecureContext | null | Promise<SecureContext | null>;

export interface TlsNamesParts {
  /** The hosts of our own; null: their certificates are in their cells' databases. */
  readonly ownContexts: SecureContexts | null;
  readonly hosts: Pick<HostTable, 'cells' | 'isOwn' | 'ownCell'>;
  readonly customNames: CustomNames;
  readonly budget: MissBudget;
}

/** For whom the TLS port speaks: our own hosts, custom domains that serve, and CAs that look for a challenge. */
export class TlsNames implements TlsNameSource {
  constructor(private readonly parts: TlsNamesParts) {}

  isServable(hostname: Hostname, network: Network): boolean | Promise<boolean> {
    const { customNames, hosts, ownContexts } = this.parts;
    if (hosts.isOwn(hostname)) {
      if (ownContexts !== null) return ownContexts.isServable(hostname);
      const found = hosts.ownCell(hostname)?.names.secureContext(hostname) ?? null;
      return found instanceof Promise ? found.then(exists) : exists(found);
    }
    const found = customNames.find(hostname, network);
    return found instanceof Promise ? found.then(exists) : exists(found);
  }

  find(hostname: Hostname): Found {
    const { customNames, hosts, ownContexts } = this.parts;
    if (hosts.isOwn(hostname)) {
      if (ownContexts !== null) return ownContexts.find(hostname);
      return hosts.ownCell(hostname)?.names.secureContext(hostname) ?? null;
    }
    const found = customNames.find(hostname, null);
    if (found instanceof Promise) {
      return found.then((name) => name?.cell.names.secureContext(hostname) ?? null);
    }
    return found?.cell.names.secureContext(hostname) ?? null;
  }

  /** One query in each cell, for any name: the CA asks before the name serves. */
  async findChallenge(hostname: Hostname, network: Network): Promise<SecureContext | null> {
    const { budget, hosts } = this.parts;
    if (!budget.take(network)) return null;
    const found = await Promise.all(hosts.cells.map(({ names }) => names.tlsAlpnContext(hostname)));
    const context = found.find((each) => each !== null) ?? null;
    if (context !== null) budget.giveBack(network);
    return context;
  }
}

function exists(found: object | null): boolean {
  return found !== null;
}
