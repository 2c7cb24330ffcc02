import type { Hostname } from '../shared/hostname.js';
import type { AcmeCaConfig } from './acme-config.js';
import type { Region } from './region.js';
import type { RootKeys } from './root-key.js';

/** All that one cell is told: its own region's address, database and keys. Provided once per cell, injected by class. */
export class CellConfig {
  readonly region!: Region;
  /** Every region, this one included. */
  readonly fleet!: readonly Region[];
  /** `eu.onetime.example` */
  readonly host!: Hostname;
  readonly baseDomain!: Hostname;
  /** Every region host of the fleet, this one's included: none of them is a customer's domain. */
  readonly fleetHosts!: readonly Hostname[];
  /** The port in links; 443 is left out of them. */
  readonly publicHttpsPort!: number;
  readonly databaseUrl!: string;
  readonly rootKeys!: RootKeys;

  /** The hosts of our own that this cell gets certificates for; none with the local authority. */
  readonly ownHosts!: readonly Hostname[];
  /** In the order in which they are tried. None: the local authority issues. */
  readonly cas!: readonly AcmeCaConfig[];
  /** The addresses that count as "points here". */
  readonly ingressAddresses!: readonly string[];
  /** `eu.ingress.onetime.example`: the CNAME targets of the region's customers are under it. */
  readonly ingressSuffix!: string;
  /** `host:port`; none: the system's. */
  readonly dnsServers!: readonly string[];
  /** Where a customer's name is reached over plain HTTP. */
  readonly probeHttpPort!: number;
  /** Lets `.localhost`, `.test` and `.example` be custom domains. */
  readonly allowsReservedTlds!: boolean;
}
