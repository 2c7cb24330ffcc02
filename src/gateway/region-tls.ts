import { HostServers } from '../certificates/contexts/host-server.js';
import type { Region } from '../config/region.js';
import type { Hostname } from '../shared/hostname.js';
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
