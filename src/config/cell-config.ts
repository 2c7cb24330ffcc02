import type { Hostname } from '../shared/hostname.js';
import type { Region } from './region.js';
import type { RootKeys } from './root-key.js';

/** All that one cell is told: its own region's address, database and keys. Provided once per cell, injected by class. */
export class CellConfig {
  readonly region!: Region;
  /** `eu.onetime.example` */
  readonly host!: Hostname;
  readonly baseDomain!: Hostname;
  /** Every region host of the fleet, this one's included: none of them is a customer's domain. */
  readonly fleetHosts!: readonly Hostname[];
  /** The port in links; 443 is left out of them. */
  readonly publicHttpsPort!: number;
  readonly databaseUrl!: string;
  readonly rootKeys!: RootKeys;
}
