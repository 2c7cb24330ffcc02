import type { Region } from '../config/region.js';
import type { Hostname } from '../shared/hostname.js';
import type { CaIdentity } from '../dns/caa-record.js';
import type { DelegationOffer } from '../dns/delegation-offer.js';

/** The settings of the region for this room. Provided once per cell, injected by class. */
export class DomainSettings {
  readonly region!: Region;
  readonly baseDomain!: Hostname;
  /** All regions, this one included. */
  readonly fleet!: readonly Region[];
  /** The addresses of this region's gateways. */
  readonly ingressAddresses!: readonly string[];
  /** Lets `.localhost`, `.test` and `.example` be custom domains. */
  readonly allowsReservedTlds!: boolean;
  /** The CAs that may issue for us, in the terms of CAA records; empty with the local authority. */
  readonly cas!: readonly CaIdentity[];
  /** A configured CA is not among `cas`, since it names no identity: whoever restricts CAs forbids it. */
  readonly hasUnnamedCa?: boolean;
  readonly delegation!: Pick<DelegationOffer, 'zone' | 'isOffered'>;
}

/** `eu.ingress.onetime.example`: the parent of every CNAME target of the region. */
export function ingressSuffix(region: Region, baseDomain: Hostname): string {
  return `${region}.ingress.${baseDomain}`;
}
