import type { Region } from '../config/region.js';
import type { Hostname } from '../shared/hostname.js';
import type { CaIdentity } from '../dns/caa-record.js';

/** What this room is told of its region. Provided once per cell, injected by class. */
export class DomainSettings {
  readonly region!: Region;
  readonly baseDomain!: Hostname;
  /** Every region, this one included. */
  readonly fleet!: readonly Region[];
  /** The addresses that count as "points here". */
  readonly ingressAddresses!: readonly string[];
  /** Lets `.localhost`, `.test` and `.example` be custom domains. */
  readonly allowsReservedTlds!: boolean;
  /** The CAs that may issue for us, as CAA records name them; none with the local authority. */
  readonly cas!: readonly CaIdentity[];
}

/** `eu.ingress.onetime.example`: every CNAME target of the region is under it. */
export function ingressSuffix(region: Region, baseDomain: Hostname): string {
  return `${region}.ingress.${baseDomain}`;
}
