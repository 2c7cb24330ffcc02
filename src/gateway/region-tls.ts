import { HostServers } from '../certificates/contexts/host-server.js';
import { renewalWorks } from '../certificates/contexts/renewal-check.js';
import type { Region } from '../config/region.js';
import type { Hostname } from '../shared/hostname.js';
import type { Logger } from '../shared/logger.js';
import type { HostTable } from './host-table.js';

/** What makes the TLS of each region's hosts. No two regions share tickets, served by this process or not. */
export class RegionTls {
  readonly #servers = new Map<Region | undefined, HostServers>();
  #renewsTickets = false;

  constructor(private readonly hosts: Pick<HostTable, 'regionOf'>) {}

  of(region: Region | undefined): HostServers {
    const known = this.#servers.get(region);
    if (known !== undefined) return known;
    const made = new HostServers();
    made.renewsTickets = this.#renewsTickets;
    this.#servers.set(region, made);
    return made;
  }

  /** Does so if this Node can. Clients that use each ticket once resume every second time without it. */
  async tryToRenewTickets(logger: Logger): Promise<void> {
    try {
      if (await renewalWorks()) this.renewTickets();
      else logger.info('this Node cannot renew session tickets');
    } catch (err) {
      logger.info({ err }, 'this Node cannot renew session tickets');
    }
  }

  /** From now on each resumption gives the client a fresh ticket. */
  renewTickets(): void {
    this.#renewsTickets = true;
    for (const servers of this.#servers.values()) servers.renewsTickets = true;
  }

  /** For one of the gateway's own hosts. */
  ofOwn(hostname: Hostname): HostServers {
    return this.of(this.hosts.regionOf(hostname));
  }
}
